//! Services: they run outside of the world, and come to it for a visit. The Server brings them here, and the
//! Portal says which there are.

use meadow_link::{ServiceState, ServiceStatus, ServiceWish, SessionId, Time, ToPortal};

use crate::{
    Screen, World,
    api::switched,
    text::{Border, Column, Table, escape},
};

/// Services, which run outside of the world.
impl World {
    /// Lets a service do something here, as one step. A panic in that is logged and costs the visit.
    pub fn visited(&mut self, now: Time, service: &str, visit: impl FnOnce(&mut World)) {
        self.set_now(now);
        self.guarded(&format!("a visit of the service {service}"), visit);
    }

    /// Asks which services there are, in the Portal and here. `asker` is told as soon as the Portal has answered.
    pub fn list_services(&mut self, asker: SessionId) {
        self.out.push(ToPortal::ListServices { asker });
    }

    /// Has a service started or stopped, in the Portal or here. `asker` is told when it is done, or why not.
    pub fn switch_service(&mut self, asker: SessionId, name: impl Into<String>, wish: ServiceWish) {
        self.out.push(ToPortal::SwitchService { asker, name: name.into(), wish });
    }

    /// A service was switched, or not.
    pub(crate) fn service_switched(
        &mut self,
        asker: SessionId,
        name: &str,
        wish: ServiceWish,
        refused: Option<&str>,
    ) {
        if let Some(page) = self.switches.asked_by(asker, name, wish) {
            return page.answer(self, switched(refused));
        }
        let done = match wish {
            ServiceWish::Start => "is running now",
            ServiceWish::Stop => "has been stopped",
            ServiceWish::Delete => "has been stopped and removed",
        };
        let line = match refused {
            Some(reason) => format!("|r{}|n", escape(reason)),
            None => format!("The service |w{}|n {done}.", escape(name)),
        };
        self.msg(asker, line);
    }

    /// The Portal has answered.
    pub(crate) fn services_listed(&mut self, asker: SessionId, services: &[ServiceStatus]) {
        let listed = listing(services, self.screen_of(asker));
        self.msg(asker, listed);
    }
}

/// One service a line, in columns.
fn listing(services: &[ServiceStatus], screen: Screen) -> String {
    let columns = ["Service", "Kind", "Address", "State"].map(|name| Column::default().aloud(name));
    let mut table = Table::new(columns).border(Border::None).indent(2);
    for ServiceStatus { name, kind, address, state } in services {
        let color = match state {
            ServiceState::On => "|g",
            ServiceState::Failed => "|r",
            ServiceState::Stopped => "|y",
            ServiceState::Off | ServiceState::Ended => "",
        };
        let [name, kind, address] = [name, kind, address].map(|part| escape(part).into_owned());
        table.add_row([name, kind, address, format!("{color}{}|n", state.name())]);
    }
    format!("|wServices:|n\n{}", table.draw(screen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_stand_in_columns_and_are_no_markup() {
        let service = |name: &str, kind: &str, address: &str, state| ServiceStatus {
            name: name.into(),
            kind: kind.into(),
            address: address.into(),
            state,
        };
        let services = [
            service("telnet", "stream", "127.0.0.1:4000", ServiceState::On),
            service("my|rclock", "server", "", ServiceState::Failed),
        ];
        let aloud = Screen { reader: true, ..Screen::default() };
        assert_eq!(
            listing(&services, aloud),
            "|wServices:|n\nService: telnet; Kind: stream; Address: 127.0.0.1:4000; State: |gon|n\n\
             Service: my||rclock; Kind: server; State: |rfailed|n"
        );
        assert_eq!(
            listing(&services, Screen::default()),
            "|wServices:|n\n  telnet     stream  127.0.0.1:4000  |gon|n\
             \n  my||rclock  server                  |rfailed|n"
        );
    }
}

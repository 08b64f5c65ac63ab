//! The places of the admin: its menu, the pages below it and what can be begun there. One table, read by the menu, the
//! search and the keys; nobody is shown a place that would refuse them.

use super::role::{Permission, Role};

/// A page of the admin, or the beginning of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub path: &'static str,
    pub title: &'static str,
    /// Heading in the menu; empty where the menu does not list it.
    pub group: &'static str,
    /// Other words that people look for.
    pub also: &'static str,
    /// The letter after `g` that leads there; empty for most.
    pub key: &'static str,
    /// Whether something begins there ("New product"), rather than being looked at.
    pub is_action: bool,
    needs: Permission,
}

const fn room(path: &'static str, title: &'static str, group: &'static str, also: &'static str, key: &'static str, needs: Permission) -> Place {
    Place { path, title, group, also, key, is_action: false, needs }
}

const fn page(path: &'static str, title: &'static str, also: &'static str, needs: Permission) -> Place {
    Place { path, title, group: "", also, key: "", is_action: false, needs }
}

const fn action(path: &'static str, title: &'static str, also: &'static str, needs: Permission) -> Place {
    Place { path, title, group: "", also, key: "", is_action: true, needs }
}

const PLACES: [Place; 34] = [
    room("/admin", "Today", "Sell", "dashboard figures sales home", "t", Permission::Anyone),
    room("/admin/orders", "Orders", "Sell", "sales parcels", "o", Permission::Orders),
    room("/admin/customers", "Customers", "Sell", "accounts people", "c", Permission::Orders),
    room("/admin/products", "Products", "Catalogue", "goods variants prices stock", "p", Permission::Catalog),
    room("/admin/collections", "Collections", "Catalogue", "categories", "l", Permission::Catalog),
    room("/admin/pages", "Pages", "Reach", "texts articles blog journal imprint terms", "", Permission::Catalog),
    room("/admin/newsletter", "Newsletter", "Reach", "issues marketing letters", "n", Permission::Catalog),
    room("/admin/settings", "Settings", "Set up", "preferences options", "s", Permission::Settings),
    room("/admin/staff", "Staff", "Set up", "people team roles colleagues", "", Permission::People),
    room("/admin/mails", "Mail", "Look after", "letters e-mail outbox", "", Permission::Books),
    room("/admin/jobs", "Jobs", "Look after", "work queue dead", "", Permission::Books),
    room("/admin/browser-reports", "Browser reports", "Look after", "security csp policy payment page tampering scripts", "", Permission::Books),
    room("/admin/books", "Checks", "Look after", "books ledgers health doctor consistency", "", Permission::Books),
    room("/admin/audit", "Audit log", "Look after", "history changes who", "", Permission::Books),
    page("/admin/orders?view=to-ship", "Orders to ship", "pack parcels open", Permission::Orders),
    page("/admin/orders?view=awaiting-payment", "Orders awaiting payment", "unpaid transfer", Permission::Orders),
    page("/admin/pages/home", "Home page", "front start welcome", Permission::Catalog),
    page("/admin/newsletter/subscribers", "Newsletter subscribers", "readers", Permission::Books),
    page("/admin/newsletter/suppressions", "Suppressed addresses", "newsletter blocked", Permission::Books),
    page("/admin/settings/shop", "Shop settings", "name legal address time zone bank colours", Permission::Settings),
    page("/admin/settings/menu", "Menu settings", "navigation links", Permission::Settings),
    page("/admin/settings/delivery", "Delivery settings", "shipping zones methods carriers", Permission::Settings),
    page("/admin/settings/taxes", "Tax settings", "vat rates", Permission::Settings),
    page("/admin/settings/payments", "Payment settings", "stripe bank transfer", Permission::Settings),
    page("/admin/me", "Your sessions", "password account sign out", Permission::Anyone),
    page("/admin/me/second-factor", "Second factor", "two-factor 2fa authenticator app code recovery", Permission::Anyone),
    page("/admin/keys", "Keyboard", "shortcuts keys help", Permission::Anyone),
    page("/", "View shop", "storefront", Permission::Anyone),
    action("/admin/products/new", "New product", "add create", Permission::Catalog),
    action("/admin/collections/new", "New collection", "add create", Permission::Catalog),
    action("/admin/pages/new", "New page", "add create write article", Permission::Catalog),
    action("/admin/newsletter/issues/new", "New newsletter issue", "add create write", Permission::Catalog),
    action("/admin/staff#invite-title", "Invite staff", "add colleague", Permission::People),
    action("/admin/settings/delivery", "Add a delivery zone", "new shipping country", Permission::Settings),
];

/// The places that a role may enter, in the order of the menu.
pub fn places(role: Role) -> impl Iterator<Item = &'static Place> {
    PLACES.iter().filter(move |place| role.may(place.needs))
}

impl Place {
    /// Whether every word of a search begins a word of what this place is called, or also called.
    pub fn answers(&self, words: &str) -> bool {
        let known = format!("{} {}", self.title, self.also).to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| known.split_whitespace().any(|name| name.starts_with(word)))
    }

    /// Whether the title itself begins with what was typed.
    pub fn is_called(&self, words: &str) -> bool {
        !words.is_empty() && self.title.to_lowercase().starts_with(&words.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_by_its_name_and_by_what_people_call_it() {
        let found = |role, words| places(role).filter(|place| place.answers(words)).map(|place| place.title).collect::<Vec<_>>();
        assert_eq!(found(Role::Owner, "ship zones"), ["Delivery settings"]);
        assert_eq!(found(Role::Owner, "new prod"), ["New product"]);
        assert!(found(Role::Clerk, "new prod").is_empty() && found(Role::Clerk, "settings").is_empty());
        assert!(found(Role::Owner, "%").is_empty());
    }

    #[test]
    fn no_two_places_share_a_key() {
        let mut keys: Vec<&str> = PLACES.iter().map(|place| place.key).filter(|key| !key.is_empty()).collect();
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        assert_eq!((all, keys.len()), (7, 7));
    }
}

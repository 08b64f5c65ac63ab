//! Roles and what they may do: one table, asked by the guard and by pages that hide what is not allowed.

/// What somebody is to the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Role {
    Owner,
    Manager,
    Clerk,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Owner, Self::Manager, Self::Clerk];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Clerk => "clerk",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == text)
    }

    /// The whole table of permissions.
    pub const fn may(self, permission: Permission) -> bool {
        match self {
            Self::Owner => true,
            Self::Manager => !matches!(permission, Permission::Factors),
            Self::Clerk => matches!(permission, Permission::Orders | Permission::Stock | Permission::Anyone),
        }
    }

    /// Managers look after everybody but owners, and make nobody one.
    pub const fn may_manage(self, other: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Manager => !matches!(other, Self::Owner),
            Self::Clerk => false,
        }
    }
}

impl Role {
    /// Who may change the shop or read everybody's data signs in with two factors (ASVS 6.3.3).
    pub const fn needs_second_factor(self) -> bool {
        matches!(self, Self::Owner | Self::Manager)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What a staff page needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    Orders,
    Refunds,
    Catalog,
    Stock,
    Settings,
    People,
    Factors,
    Books,
    Anyone,
}

/// A permission as a type, for `Staff<Refunds>`.
pub trait Permitted: Send + Sync + 'static {
    const NEEDS: Permission;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Permitted for $name {
            const NEEDS: Permission = Permission::$name;
        }
    )+};
}

permissions! {
    /// Sees and ships orders.
    Orders
    /// Gives money back and cancels.
    Refunds
    /// Changes what is for sale: products, collections, pages.
    Catalog
    /// Changes how many are there.
    Stock
    /// Changes the shop's rules: settings, delivery, tax.
    Settings
    /// Changes who works here.
    People
    /// Takes away the second factor of somebody else: owners only.
    Factors
    /// Reads mail, jobs and the audit log.
    Books
    /// Whatever everybody who is signed in may do.
    Anyone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clerk_packs_and_nobody_but_an_owner_touches_owners() {
        assert!(Role::Clerk.may(Permission::Orders) && !Role::Clerk.may(Permission::Refunds) && !Role::Clerk.may(Permission::Books));
        assert!(Role::Owner.may(Permission::Factors) && !Role::Manager.may(Permission::Factors) && Role::Manager.may(Permission::People));
        assert!(Role::Owner.may_manage(Role::Owner) && !Role::Manager.may_manage(Role::Owner) && Role::Manager.may_manage(Role::Manager));
    }
}

//! What the merchant says of the shop itself.

use std::collections::BTreeMap;

use crate::base::Currency;

/// Kept under the settings key [`ShopSettings::KEY`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ShopSettings {
    pub name: String,
    pub claim: String,
    pub email: String,
    /// IANA name; day boundaries and reports use it.
    pub zone: String,
    /// Fixed after the first order.
    pub currency: Currency,
    pub legal_name: String,
    /// Lines of the imprint's address.
    pub legal_address: String,
    pub vat_id: String,
    pub order_prefix: String,
    /// At or below this many, a page says that few are left.
    pub low_stock: i32,
    /// Where bank transfers go; empty IBAN = not offered.
    pub bank: BankAccount,
    /// Days within which a transfer must arrive before the order may be cancelled.
    pub transfer_days: i64,
    /// Text of the home page's opening.
    pub welcome: String,
    /// Days to hand a parcel over, for the delivery promise.
    pub handling_days: i64,
    /// Days within which goods may be returned, for the policy and its structured data.
    pub return_days: i64,
    /// The shop pays the postage of what comes back.
    pub returns_are_free: bool,
    /// The colours that values of options are shown with, by their name: `Celadon` is `#a9bfae`.
    pub swatches: BTreeMap<String, String>,
    /// Addresses of the shop's profiles elsewhere, told to search engines.
    pub profiles: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct BankAccount {
    pub holder: String,
    pub iban: String,
    pub bic: String,
}

impl BankAccount {
    /// In groups of four, as it is printed and read (ISO 13616-1).
    pub fn iban_in_groups(&self) -> String {
        let signs: Vec<char> = self.iban.chars().filter(|sign| !sign.is_whitespace()).collect();
        signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

impl ShopSettings {
    pub const KEY: &str = "shop";
}

impl Default for ShopSettings {
    fn default() -> Self {
        Self {
            name: "Wharf".into(),
            claim: "A new shop".into(),
            email: String::new(),
            zone: "Europe/Dublin".into(),
            currency: Currency::EUR,
            legal_name: String::new(),
            legal_address: String::new(),
            vat_id: String::new(),
            order_prefix: "W".into(),
            low_stock: 3,
            bank: BankAccount::default(),
            transfer_days: 7,
            welcome: String::new(),
            handling_days: 1,
            return_days: 30,
            returns_are_free: false,
            swatches: BTreeMap::new(),
            profiles: Vec::new(),
        }
    }
}

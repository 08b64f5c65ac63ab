//! Companions of a product: others that go well with it, in the merchant's order.

use sqlx::PgConnection;

use super::{EditError, EditRefused};
use crate::base::ProductId;
use crate::catalog::store::companions as store;
use crate::platform::invalidation;

/// Companions of a product at most.
pub const MOST_COMPANIONS: usize = 8;

/// The companions of a product, in this order, instead of those it had. Only its own pages are stale: what a page shows
/// of a companion it reads under that one's name.
pub async fn set_companions(tx: &mut PgConnection, product: ProductId, companions: &[ProductId]) -> Result<(), EditError> {
    check(product, companions)?;
    store::replace(&mut *tx, product, companions).await?;
    Ok(invalidation::append(tx, &[format!("companions:{product}")]).await?)
}

fn check(product: ProductId, companions: &[ProductId]) -> Result<(), EditRefused> {
    if companions.contains(&product) {
        return Err(EditRefused::CompanionOfItself);
    }
    if (1..companions.len()).any(|at| companions[..at].contains(&companions[at])) {
        return Err(EditRefused::CompanionTwice);
    }
    if companions.len() > MOST_COMPANIONS { Err(EditRefused::TooManyCompanions) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_others_each_once() {
        let ids: Vec<ProductId> = (0..10).map(|n| ProductId::from_uuid(uuid::Uuid::from_u128(n))).collect();
        assert_eq!(check(ids[9], &ids[..8]), Ok(()));
        assert_eq!(check(ids[9], &[]), Ok(()));
        assert_eq!(check(ids[9], &ids[..9]), Err(EditRefused::TooManyCompanions));
        assert_eq!(check(ids[1], &ids[..3]), Err(EditRefused::CompanionOfItself));
        assert_eq!(check(ids[9], &[ids[1], ids[2], ids[1]]), Err(EditRefused::CompanionTwice));
    }
}

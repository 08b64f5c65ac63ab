cart-show-title = Your cart
cart-show-empty = There is nothing in your cart yet.
cart-show-browse = Look around
cart-show-qty = Quantity
cart-show-update = Update
cart-show-remove = Remove
cart-show-summary = Summary
cart-show-items = Items
cart-show-delivery = Delivery
cart-show-free = Free
cart-show-tax-included = Includes { $number } % { $what ->
        [US] sales tax
        [CA] GST/HST
        [AU] GST
        [NZ] GST
        [SG] GST
        [JP] consumption tax
       *[other] VAT
    }
cart-show-tax = { $number } % { $what ->
        [US] sales tax
        [CA] GST/HST
        [AU] GST
        [NZ] GST
        [SG] GST
        [JP] consumption tax
       *[other] VAT
    }
cart-show-total = Total
cart-show-estimate = Delivery and tax as for { $name }. Checkout shows them for your address.
cart-show-country = Deliver to
cart-show-checkout-hint = You give the address at checkout.
cart-show-free-gap = Another { $amount }, and delivery is free.
cart-show-checkout = Go to checkout
cart-show-fix = Please remove what cannot be bought, or lower its quantity. Then you can go to checkout.
cart-show-gone = This is no longer for sale. Please remove it.
cart-show-sold-out = This has sold out since you added it. Please remove it.
cart-show-only-left = { $count ->
    [one] Only one is left. Please lower the quantity.
   *[other] Only { $count } are left. Please lower the quantity.
}
cart-show-price-changed = The price has changed. When you last looked it was { $amount }.
cart-show-paying = An order with these things is waiting for its payment.
cart-show-continue = Continue with the payment
cart-refused-qty = Please enter a whole number from 1 to 999 as the quantity.
cart-refused-unknown = This is not for sale, or no longer. Nothing was added.
cart-refused-lines = A cart holds up to 200 different things. Please order these first.
cart-refused-paying = This cart is being paid. Finish or cancel the payment first; then you can change it.
cart-flash-added = It is in your cart.
cart-flash-elsewhere = We do not make this combination, so nothing was put into your cart. This is the nearest we have.
cart-flash-added-unavailable = It is in your cart, but not all of it can be had. Please see below.
cart-show-removed = It was taken out of your cart.
cart-show-put-back = Put it back

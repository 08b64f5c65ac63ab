kit-skip = Skip to content
kit-menu = Main menu
kit-footer = Help and legal
kit-search = Search
kit-sign-in = Sign in
kit-cart = Cart
kit-cart-label = { $count ->
    [0] Cart, empty
    [one] Cart, one item
   *[other] Cart, { $count } items
}
kit-cart-count = { $count ->
    [one] , one item
   *[other] , { $count } items
}
kit-test-mode = Test mode: this shop takes no real payments and sends no goods.
kit-error-not-found = This page does not exist, or it has moved.
kit-error-forbidden = You are not allowed to do this.
kit-error-too-many = That was a lot of requests in a short time. Please wait a moment and try again.
kit-error-too-large = What you sent is larger than we accept. Please shorten it and send it again.
kit-error-bad-form = This form did not arrive in a form we can read. Please go back and send it again.
kit-error-internal = Something went wrong on our side. Nothing you paid is lost. Please try again in a moment.
kit-error-not-open = This shop is not open yet. Please come back a little later.
kit-error-outage = The shop is busy or being looked after. Please try again in a few seconds.
kit-error-conflict = Somebody changed this since you opened it. What you typed is still here; please look and save again.
kit-error-title = Sorry
kit-error-reference = If you write to us, please quote { $number }.
kit-error-home = Back to the shop
kit-error-search = Search the shop
kit-close = Close
kit-picture-previous = Previous picture
kit-picture-next = Next picture
kit-picture-larger = Larger or smaller
kit-test-label = Test mode

orders-show-title = Order { $number }
orders-state-placed = Thank you for your order
orders-state-checking = We are checking your payment
orders-state-payment-pending = Your payment is on its way
orders-state-part-shipped = A part of your order is on its way
orders-state-shipped = Your order is on its way
orders-state-delivered = Your order has arrived
orders-state-cancelled = This order was cancelled
orders-state-refunded = Your money is on its way back
orders-state-expired = This order was not paid
orders-text-placed = It is paid, and we are getting it ready. You will get an e-mail when it leaves.
orders-text-transfer = We keep the goods for you and send them as soon as your transfer has arrived.
orders-text-checking = This can take a moment. The page looks again by itself; you need not pay twice.
orders-text-payment-pending = Your bank takes a little longer. We will write to you as soon as the money is there.
orders-text-part-shipped = The rest follows in another parcel.
orders-text-shipped = Everything has left our house.
orders-text-delivered = We hope you like it. If something is wrong, just answer our e-mail.
orders-text-cancelled = What you paid goes back to you the way it came.
orders-text-refunded = What was not sent yet will not be sent. The money goes back to you the way it came.
orders-text-expired = Nothing was charged. The things are in your cart again.
orders-transfer-title = Please transfer
orders-transfer-text = Please transfer { $amount } within { $count ->
    [one] one day
   *[other] { $count } days
} to this account:
orders-transfer-holder = Account holder
orders-transfer-reference = Reference
orders-way = The way of your order
orders-way-ordered = Ordered on { $date }.
orders-way-paid = Paid on { $date }.
orders-way-to-pay = Your payment arrives.
orders-way-refund = { $amount } goes back to you.
orders-way-to-send = We pack it and hand it to the carrier.
orders-way-to-arrive = It arrives at your door.
orders-parcel-shipped = Sent on { $date } with { $name }.
orders-parcel-track = Follow { $number }
orders-parcel-delivered = Delivered on { $date }.
orders-things = What you ordered
orders-line-refunded-all = Refunded
orders-line-refunded = { $count ->
    [one] One of these was refunded.
   *[other] { $count } of these were refunded.
}
orders-refund = Refund
orders-refund-on-its-way = on its way
orders-to = Delivered to
orders-mail-to = News about this order goes to { $what }.
orders-mail-placed-subject = Your order { $number }
orders-mail-placed-text = Thank you for your order. It is paid, and we are getting it ready.
orders-mail-transfer-text = Thank you for your order. We keep the goods for you and send them as soon as your transfer has arrived.
orders-mail-paid-subject = Your payment for order { $number } has arrived
orders-mail-paid-text = Thank you: your transfer has arrived, and we are getting your order ready.
orders-mail-shipped-subject = Your order { $number } is on its way
orders-mail-shipped-text = These things have left our house.
orders-mail-delivered-subject = Your order { $number } has arrived
orders-mail-delivered-text = The carrier says that your parcel has arrived. If something is wrong, just answer this letter.
orders-mail-refunded-subject = A refund for your order { $number }
orders-mail-refunded-text = We have sent { $amount } back the way you paid. Banks need up to ten days to show it.
orders-mail-cancelled-subject = Your order { $number } was cancelled
orders-mail-cancelled-text = Your order was cancelled. What you paid goes back to you the way it came.
orders-mail-button = See your order
orders-mail-hello = Hello { $name },

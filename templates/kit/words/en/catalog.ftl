catalog-trail-label = You are here
catalog-trail-home = Home
catalog-home-browse = Browse all collections
catalog-home-collections = Collections
catalog-home-newest = New in the shop
catalog-home-empty = Nothing is on the shelves yet. Please come back soon.
catalog-collections-title = Collections
catalog-collections-count = { $count ->
    [0] No products
    [one] One product
   *[other] { $count } products
}
catalog-collection-about = { $what }: { $count ->
    [one] one product
   *[other] { $count } products
} to choose from, with prices, availability and delivery times.
catalog-collection-page = page { $number }
catalog-collection-empty = There is nothing in this collection at the moment.
catalog-collection-others = See all collections
catalog-pager-label = Pages
catalog-pager-previous = Previous page
catalog-pager-next = Next page
catalog-price-now = Now { $amount }
catalog-price-was = Was { $amount }
catalog-price-from = From { $amount }
catalog-card-sale = Sale
catalog-stock-in = In stock
catalog-stock-to-order = Not in stock, made or ordered for you
catalog-stock-sold-out = Sold out
catalog-stock-low = { $count ->
    [one] Only one left
   *[other] Only { $count } left
}
catalog-product-about = { $what } Price: { $amount }.
catalog-product-vendor = By { $name }
catalog-product-tax = Includes { $number } % { $what ->
        [US] sales tax
        [CA] GST/HST
        [AU] GST
        [NZ] GST
        [SG] GST
        [JP] consumption tax
       *[other] VAT
    } in { $name }.
catalog-product-no-tax = No tax is added in { $name }.
catalog-product-plus-delivery = Delivery is added at checkout.
catalog-product-choose = Show this choice
catalog-product-value-sold-out = (sold out)
catalog-product-value-elsewhere = (in another combination)
catalog-product-qty = Quantity
catalog-product-add = Add to cart
catalog-product-sold-out = This one is sold out at the moment.
catalog-product-facts = Product details
catalog-product-sku = Article number
catalog-product-maker = Made by
catalog-product-type = Kind
catalog-product-weight = Weight when packed
catalog-product-gtin = Barcode (GTIN)
catalog-product-number = Shop number
catalog-product-returns = Returns
catalog-product-returns-within = { $count ->
    [one] You can send this back within one day of receiving it.
   *[other] You can send this back within { $count } days of receiving it.
}
catalog-product-all = { $count ->
    [one] One version
   *[other] All { $count } versions
}
catalog-product-description = Description
catalog-product-companions = Goes well with
catalog-product-related = From the same collection
catalog-delivery-free = { $name }: free, arrives in { $count ->
    [one] { $number } working day
   *[other] { $number } working days
}.
catalog-delivery-priced = { $name }: { $amount }, arrives in { $count ->
    [one] { $number } working day
   *[other] { $number } working days
}.
catalog-delivery-free-over = Free from { $amount }.
catalog-delivery-to-order = It is made or ordered for you first: how long that takes is said below. What delivery costs is shown at checkout.
catalog-delivery-to = Delivery to { $name }. Other countries are shown at checkout.
catalog-search-title = Search
catalog-search-label = What are you looking for?
catalog-search-button = Search
catalog-search-count = { $count ->
    [0] Nothing found for “{ $what }”
    [one] One product for “{ $what }”
   *[other] { $count } products for “{ $what }”
}
catalog-search-empty = Try fewer or other words, or look around here.
catalog-search-instead = Collections
catalog-search-texts = To read
catalog-product-pictures = Pictures
catalog-product-thumbs = Go to a picture
catalog-product-picture = Picture { $number }
catalog-filter-label = Filter and sort
catalog-filter-chosen = Chosen:
catalog-filter-without = { $name }: { $what }
catalog-filter-clear = Show everything
catalog-filter-empty = Nothing here has all of that. Take one choice back, or see everything.
catalog-filter-available = In stock
catalog-filter-sale = Reduced
catalog-sort-label = Sort
catalog-sort-fitting = Best match
catalog-sort-given = Our order
catalog-sort-newest = Newest
catalog-sort-cheapest = Lowest price
catalog-sort-dearest = Highest price
catalog-search-all = { $count ->
    [one] See the one result
   *[other] See all { $count } results
}
catalog-home-best = What leaves most often
catalog-filter-price = Price
catalog-filter-price-from = From, in { $what }
catalog-filter-price-to = Up to, in { $what }
catalog-filter-price-show = Show
catalog-filter-price-none = “{ $what }” could not be read as a price, so it was left out. Please type it like 1200.
catalog-filter-price-range = Here things cost { $amount } to { $what }.
catalog-filter-price-over = At least { $amount }
catalog-filter-price-under = At most { $amount }
catalog-filter-price-between = { $amount } to { $what }

package domain

// Category is what an issue is about, for those who share out the work.
type Category string

// The categories. An issue has none before it is triaged.
const (
	CategoryAccount  Category = "account"
	CategoryListing  Category = "listing"
	CategoryBidding  Category = "bidding"
	CategoryPayment  Category = "payment"
	CategoryDelivery Category = "delivery"
	CategoryAbuse    Category = "abuse"
	CategorySite     Category = "site" // the program itself
	CategoryOther    Category = "other"
)

// Categories are all categories.
var Categories = []Category{
	CategoryAccount, CategoryListing, CategoryBidding, CategoryPayment, CategoryDelivery, CategoryAbuse, CategorySite, CategoryOther,
}

using Keel.Partners.Contract;
using Keel.Pricing.Contract;

namespace Keel.Sales;

/// Customers as price lists and promotions know them.
internal static class Buyers
{
    public static Buyer AsBuyer(this Customer customer) => new(customer.Number, customer.Class);
}

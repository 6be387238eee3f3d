namespace Keel.Partners.Contract;

/// A customer or a supplier, or both. Other modules hold its key, `Id<Partner>`, and ask the desk for the rest.
public abstract record Partner;

/// What a sale needs to know of its customer. `Class` is the class of customers that it is in, if any.
public sealed record Customer(
    Id<Partner> Id, string Number, string Name, string Country, string? VatId = null, DateOnly? VatIdCheckedOn = null,
    int PaymentTermsDays = 0, Money? CreditLimit = null, string? Class = null);

/// What a purchase needs to know of its supplier.
public sealed record Supplier(
    Id<Partner> Id, string Number, string Name, string Country, Currency Currency, int PaymentTermsDays, int LeadTimeDays, string? VatId);

/// A person asked to be forgotten: who holds copies of name, address or mail blanks them. The books keep their numbers and amounts.
public sealed record PersonErased(Id<Partner> Partner, string Number) : IEvent;

/// What a module holds against forgetting a person now: work that still needs their name and address. Asked before anything is erased.
public interface IErasureGuard
{
    /// Why the person cannot be forgotten yet, with what to do first; null where nothing stands against it.
    Task<Error?> Why(Id<Partner> person, CancellationToken ct);
}

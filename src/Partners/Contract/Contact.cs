using System.ComponentModel.DataAnnotations;

namespace Keel.Partners.Contract;

/// A person or firm as a channel or a clerk names it. `Reference` is the number by which the channel itself knows the customer.
[Personal]
public sealed record Contact(
    [Required, MaxLength(120)] string Name,
    [MaxLength(254), RegularExpression(@"^[^@\s]+@[^@\s]+\.[^@\s]+$", ErrorMessage = "is an e-mail address.")] string? Email = null,
    [MaxLength(40)] string? Phone = null,
    PostalAddress? Address = null,
    [MaxLength(80)] string? Reference = null);

/// Where post and parcels go.
[Personal]
public sealed record PostalAddress(
    [Required, MaxLength(120)] string Line1,
    [MaxLength(120)] string? Line2,
    [Required, MaxLength(16)] string PostalCode,
    [Required, MaxLength(80)] string City,
    [MaxLength(80)] string? Region,
    [Required, RegularExpression("^[A-Z]{2}$", ErrorMessage = "is a country code of two capitals, such as NL.")] string Country);

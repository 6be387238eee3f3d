namespace Keel.Printing;

/// The words of papers. A word that one language lacks stops the build of its papers in the tests, not in the shop.
internal static class PaperWords
{
    private static readonly (string Word, string English, string German)[] All =
    [
        ("packing-slip", "Packing slip", "Lieferschein"),
        ("pick-list", "Pick list", "Kommissionierliste"),
        ("count-sheet", "Count sheet", "Zählliste"),
        ("count-by", "To be counted by", "Zu zählen bis"),
        ("counted", "Counted", "Gezählt"),
        ("counted-by", "Counted by", "Gezählt von"),
        ("counted-at", "Counted at", "Gezählt um"),
        ("invoice", "Invoice", "Rechnung"),
        ("credit-note", "Credit note", "Gutschrift"),
        ("copy", "Copy", "Kopie"),
        ("page", "Page", "Seite"),
        ("of", "of", "von"),
        ("to", "To", "An"),
        ("from", "From", "Von"),
        ("date", "Date", "Datum"),
        ("order", "Order", "Bestellung"),
        ("your-reference", "Your reference", "Ihre Referenz"),
        ("shipment", "Shipment", "Lieferung"),
        ("customer", "Customer", "Kunde"),
        ("delivery-day", "Day of delivery", "Lieferdatum"),
        ("delivery-term", "Delivery term", "Lieferbedingung"),
        ("parcels", "Parcels", "Pakete"),
        ("carrier", "Carrier", "Versand"),
        ("tracking", "Tracking", "Sendungsnummer"),
        ("ship-by", "Leaves by", "Versand bis"),
        ("your-vat-id", "Your VAT number", "Ihre USt-IdNr."),
        ("corrects", "Order credited", "Gutschrift zu Bestellung"),
        ("reason", "Reason", "Grund"),
        ("position", "#", "Pos."),
        ("sku", "Article", "Artikel"),
        ("what", "What", "Bezeichnung"),
        ("quantity", "Quantity", "Menge"),
        ("ordered", "Ordered", "Bestellt"),
        ("bin", "Bin", "Lagerplatz"),
        ("scan", "Scan", "Scan"),
        ("picked", "Picked", "Entnommen"),
        ("net", "Net", "Netto"),
        ("tax", "VAT", "USt."),
        ("gross", "Total", "Gesamt"),
        ("carried-over", "Carried over", "Übertrag"),
        ("tax-on", "VAT {0} on {1}", "USt. {0} auf {1}"),
        ("paid", "Paid before", "Bereits bezahlt"),
        ("to-pay", "To pay", "Zu zahlen"),
        ("credited", "Credited to you", "Ihnen gutgeschrieben"),
        ("reverse-charge", "VAT is owed by the recipient (reverse charge).", "Steuerschuldnerschaft des Leistungsempfängers."),
        ("marketplace-owes", "VAT is paid by the marketplace.", "Die Umsatzsteuer führt der Marktplatz ab."),
        ("thanks", "Thank you for your order.", "Vielen Dank für Ihre Bestellung."),
        ("units", "Units", "Stück"),
        ("shipping", "Shipping", "Versandkosten"),
        ("no-bin", "none", "keiner"),
    ];

    public static IReadOnlyDictionary<string, string> English { get; } = All.ToDictionary(w => w.Word, w => w.English, StringComparer.Ordinal);
    public static IReadOnlyDictionary<string, string> German { get; } = All.ToDictionary(w => w.Word, w => w.German, StringComparer.Ordinal);
}

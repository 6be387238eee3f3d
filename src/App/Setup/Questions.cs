using Keel.Ui;

namespace Keel.App.Setup;

/// One question about the company in plain words, with what the answers mean. The first choice that is marked is the default.
internal sealed record Question(string Field, string Asks, IReadOnlyList<Option> Choices, string Usual, string? Hint = null, bool Several = false)
{
    /// Nothing in Keel follows the answer yet: it is kept for the day when something does.
    public bool IsNoted { get; init; }
}

/// The questions, in few steps.
internal static class Questions
{
    private static readonly Option[] YesNo = [new("true", "Yes"), new("false", "No")];

    public static readonly IReadOnlyList<(string Title, IReadOnlyList<Question> Asked)> Steps =
    [
        ("Selling", [
            new("sellsThrough", "What do you sell through?", [
                new("ownShop", "A web shop of our own"), new("marketplace", "Marketplaces"), new("stores", "Our own stores"), new("business", "To businesses"), new("desk", "By phone and mail")], "ownShop",
                "Each becomes a channel, where there is none yet.", Several: true),
            new("goodsLie", "Where do your goods lie?", [new("ownWarehouse", "In a warehouse of our own"), new("stores", "In our stores"), new("thirdParty", "At somebody who ships for us")], "ownWarehouse", Several: true),
            new("ordersADay", "How many orders come on a usual day?", [new("upTo50", "Up to 50"), new("upTo500", "Up to 500"), new("more", "More")], "upTo50") { IsNoted = true },
            new("people", "How many people work with orders and goods?", [new("one", "One"), new("upTo5", "Up to 5"), new("upTo30", "Up to 30"), new("more", "More")], "upTo5",
                "Somebody who works alone has nobody to ask for a yes."),
            new("comesFrom", "What did you work with so far?", [new("nothing", "We begin now"), new("spreadsheets", "Spreadsheets"), new("otherSystem", "Another system")], "spreadsheets") { IsNoted = true },
        ]),
        ("Orders, stock", [
            new("ifShort", "What happens to an order when something is short?", [new("waits", "It is taken, and the rest waits"), new("refused", "It is not taken")], "waits",
                "Each order can say so by itself; marketplace orders are always taken.") { IsNoted = true },
            new("partDeliveries", "May one order be sent in parts from several sites?", YesNo, "true", "Faster, and more parcels."),
            new("paidFirst", "Is an order paid before you send it?", YesNo, "true"),
            new("setAside", "When are goods set aside for an order?", [new("atOrder", "As it comes in"), new("atPayment", "When its payment is there"), new("byHand", "By hand")], "atOrder",
                "Marketplaces hold you to what you promised: there, as it comes in is right."),
            new("pooling", "Do all channels sell from the same stock?", [new("pooled", "Yes, whoever comes first"), new("perChannel", "No, each has its share")], "pooled") { IsNoted = true },
            new("cushion", "Do you keep a cushion that is not sold?", [new("none", "No"), new("fewDays", "A few days' worth"), new("byProduct", "It depends on the product")], "none") { IsNoted = true },
        ]),
        ("Sending", [
            new("carriers", "Who carries your parcels?", [new("one", "One carrier"), new("several", "Several"), new("ownVans", "We do")], "one") { IsNoted = true },
            new("choosesPackaging", "Shall the system choose the box?", YesNo, "false") { IsNoted = true },
            new("returns", "What happens to goods that come back?", [new("backToStock", "They go back on the shelf"), new("lookedAtFirst", "Somebody looks at them first"), new("toSupplier", "They go to the supplier"), new("notTaken", "We take none back")],
                "lookedAtFirst") { IsNoted = true },
            new("writesToCustomers", "Shall customers get a mail at the steps of their order?", YesNo, "true", "Marketplaces write to their customers themselves."),
            new("sellsAcrossBorders", "Do you sell to private people in other countries of the European Union?", YesNo, "false", "For more than 10,000 euros a year: then the tax of their country falls due."),
            new("approvalFrom", "From which amount on needs a correction of stock or a credit note a second person's yes?", [], "500", "Write 0 where nothing shall wait."),
        ]),
    ];

    /// What holds where nobody answered.
    public static readonly CompanyProfile Usual = new(
        [SellsThrough.OwnShop], [GoodsLie.OwnWarehouse], OrdersADay.UpTo50, PeopleThere.UpTo5, ComesFrom.Spreadsheets, IfShort.Waits, true, true, SetAside.AtOrder, Pooling.Pooled, Cushion.None,
        Carriers.One, false, ReturnsGo.LookedAtFirst, true, false, null);

    /// The answer to a question, as a form carries it; nothing where it was not answered.
    public static string? Answer(CompanyProfile profile, string field) => field switch
    {
        "sellsThrough" => Joined(profile.SellsThrough),
        "goodsLie" => Joined(profile.GoodsLie),
        "ordersADay" => Written(profile.OrdersADay),
        "people" => Written(profile.People),
        "comesFrom" => Written(profile.ComesFrom),
        "ifShort" => Written(profile.IfShort),
        "partDeliveries" => Written(profile.PartDeliveries),
        "paidFirst" => Written(profile.PaidFirst),
        "setAside" => Written(profile.SetAside),
        "pooling" => Written(profile.Pooling),
        "cushion" => Written(profile.Cushion),
        "carriers" => Written(profile.Carriers),
        "choosesPackaging" => Written(profile.ChoosesPackaging),
        "returns" => Written(profile.Returns),
        "writesToCustomers" => Written(profile.WritesToCustomers),
        "sellsAcrossBorders" => Written(profile.SellsAcrossBorders),
        "approvalFrom" => Written(profile.ApprovalFrom),
        _ => throw new InvariantBroken($"Nobody asks for {field}."),
    };

    private static string? Written<T>(T? value) where T : struct => value is { } known ? FormField.Written(known) : null;

    private static string? Joined<T>(IReadOnlyList<T>? values) where T : struct => values is null ? null : string.Join(',', values.Select(v => FormField.Written(v)));
}

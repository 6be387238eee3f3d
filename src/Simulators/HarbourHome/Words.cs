namespace Keel.Simulators;

/// The words that Harbour Home's world is made of. All of them are invented or everyday; no person, firm or place is meant.
internal static class Words
{
    public static readonly string[] GivenNames =
    [
        "Anna", "Bram", "Clara", "Daan", "Elin", "Finn", "Greta", "Hugo", "Iris", "Jonas", "Kaat", "Lars", "Mila", "Noah", "Olga", "Pieter", "Rosa", "Sam",
        "Tessa", "Uma", "Victor", "Wout", "Yara", "Zoë", "Amélie", "Bente", "Casper", "Dora", "Emil", "Femke", "Gijs", "Hanna", "Ivo", "Julia", "Kasper", "Lotte",
        "Marc", "Nina", "Otto", "Paula", "Quinten", "Rik", "Sofie", "Thijs", "Vera", "Wanda",
    ];

    public static readonly string[] FamilyNames =
    [
        "Akker", "Beekman", "Claes", "Dorn", "Eilander", "Fontein", "Gravel", "Hoekzema", "Iserman", "Jansma", "Kuyper", "Lindhout", "Meerman", "Noordhoek",
        "Oosterling", "Peeters", "Quist", "Rademaker", "Steenwinkel", "Terhorst", "Uiterwaal", "Vandenbroek", "Waterland", "Zandstra", "Bruinsma", "Delacour",
        "Falkenrath", "Heidekamp", "Kornblum", "Lavigne", "Moreau", "Nachtegaal", "Petit", "Rosenthal", "Schreiner", "Tessier", "Vogelaar", "Wolters",
    ];

    public static readonly string[] Streets =
    [
        "Kadeweg", "Molenpad", "Duinlaan", "Havenstraat", "Lindeplein", "Zeilmakersgang", "Oude Wal", "Parkzicht", "Torenlaan", "Weidepad", "Rietkade", "Vuurtorenweg",
    ];

    /// Towns that no map has, by the country that they might be in.
    public static readonly (string Country, string[] Towns)[] Towns =
    [
        ("NL", ["Zeehaven", "Duinrode", "Oosterveen", "Molenwijk", "Rietdorp", "Westerkade", "Lindenhorst", "Havenmond"]),
        ("BE", ["Scheldebos", "Brugpoort", "Kempendal", "Leiezand"]),
        ("DE", ["Nordhafen", "Birkenau am See", "Elbgrund", "Heidetal", "Rosenfurt"]),
        ("FR", ["Portclair", "Saint-Aubel", "Valmarin", "Beaurivage"]),
    ];

    public static readonly string[] ShopKinds = ["Interiors", "Home & Table", "Living", "Concept Store", "Gift Shop", "Kitchenware", "Garden Centre", "Hotel Supplies"];

    public static readonly string[] SupplierNames =
    [
        "Northquay Ceramics", "Linden Textiles", "Baltic Pinewood", "Glasmeer Works", "Copperlight Lamps", "Wickerman Weavers", "Porto Verde Tableware",
        "Havel Candle Makers", "Silverbirch Garden", "Tidewater Bath", "Meridian Storage", "Oakline Kitchens",
    ];

    public static readonly string[] ReturnReasons = ["changed their mind", "too small", "not as pictured", "arrived damaged", "ordered twice", "wrong colour", "arrived too late"];

    /// What Harbour Home sells: category, customs code, and its goods with a usual price and weight.
    public static readonly Department[] Departments =
    [
        new("KIT", "Kitchen", "821191", [new("chopping board", 24, 900), new("mixing bowl", 19, 700), new("storage jar", 12, 450), new("kitchen scale", 34, 1100), new("utensil set", 29, 650), new("oven dish", 32, 1800), new("pepper mill", 22, 300)]),
        new("TAB", "Table", "691110", [new("mug", 11, 320), new("dinner plate", 14, 600), new("soup bowl", 13, 480), new("teapot", 39, 950), new("serving platter", 36, 1300), new("water carafe", 27, 800), new("egg cup set", 16, 260)]),
        new("TEX", "Textiles", "630260", [new("linen throw", 59, 1200), new("cushion cover", 24, 220), new("tea towel", 9, 110), new("table runner", 28, 260), new("bath towel", 26, 550), new("duvet cover", 89, 1600), new("wool blanket", 119, 1900)]),
        new("LIG", "Lighting", "940521", [new("table lamp", 69, 1700), new("pendant light", 89, 2100), new("lantern", 34, 900), new("fairy lights", 19, 300), new("reading lamp", 79, 1900)]),
        new("SCE", "Candles and scent", "340600", [new("pillar candle", 9, 420), new("scented candle", 22, 380), new("reed diffuser", 29, 350), new("tealight set", 7, 250)]),
        new("STO", "Storage", "460212", [new("woven basket", 32, 850), new("laundry hamper", 54, 2300), new("shelf box", 18, 600), new("hook rail", 26, 700), new("desk tray", 21, 500)]),
        new("GAR", "Garden", "820130", [new("plant pot", 17, 1500), new("watering can", 29, 800), new("herb planter", 38, 2200), new("bird feeder", 24, 600)]),
        new("WAL", "Walls", "441400", [new("picture frame", 18, 500), new("wall mirror", 74, 3400), new("wall clock", 49, 1200), new("art print", 25, 150)]),
    ];

    public static readonly string[] Lines = ["Quay", "Dune", "Harbour", "Fjord", "Meadow", "Slate", "Willow", "Tide", "Ember", "Cove", "Linden", "Birch", "Pebble", "Marsh", "Lark", "Juniper"];

    public static readonly (string Code, string Name)[] Colours =
    [
        ("BLU", "blue"), ("GRN", "green"), ("SND", "sand"), ("WHT", "white"), ("GRY", "grey"), ("RST", "rust"), ("BLK", "black"), ("OAT", "oat"),
    ];

    internal sealed record Department(string Code, string Name, string HsCode, Good[] Goods);

    internal sealed record Good(string Name, int Price, int WeightGrams);
}

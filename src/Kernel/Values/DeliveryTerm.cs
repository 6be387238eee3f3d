namespace Keel.Kernel;

/// Where cost and risk of goods on their way pass to the buyer: Incoterms 2020, International Chamber of Commerce. With an E, F or C term the
/// seller has delivered when the goods leave; with a D term, when they arrive.
public enum DeliveryTerm
{
    /// Ex works.
    Exw,

    /// Free carrier.
    Fca,

    /// Free alongside ship.
    Fas,

    /// Free on board.
    Fob,

    /// Cost and freight.
    Cfr,

    /// Cost, insurance and freight.
    Cif,

    /// Carriage paid to.
    Cpt,

    /// Carriage and insurance paid to.
    Cip,

    /// Delivered at place.
    Dap,

    /// Delivered at place, unloaded.
    Dpu,

    /// Delivered, duty paid.
    Ddp,
}

using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Accounting;

/// Which fact is posted where: posting rules, exchange rates, and one reaction per fact. It asks nobody and refuses nothing.
public sealed class AccountingModule : IModule
{
    public void Describe(ModuleContents contents)
    {
        contents
            .Operation<SetPostingRule>().Operation<SetExchangeRate>().Operation<SettleClearing>()
            .Operation<CloseInventory>().Operation<ChooseInventoryMethod>().Desk<StatingInventory>().View<InventoryCloses>()
            .Policy<RevenueRecognition>().Policy<PaymentTerms>().Policy<NetRealisableValue>()
            .Case(Bookkeeper.NoRule, Bookkeeper.NoRate)
            .View<PostingRuleList>().View<ClearingAccounts>().View<ClearingDocuments>().View<InTransit>().View<WriteDownSuggestions>().View<ExchangeRateList>()
            .Page<ClearingPage>("Clearing accounts", "Books", "/clearing", AccountingPermissions.Read)
            .Page<PostingRulesPage>("Posting rules", "Books", "/posting-rules", AccountingPermissions.Read)
            .Page<ExchangeRatesPage>("Exchange rates", "Books", "/exchange-rates", AccountingPermissions.Read)
            .Page<InTransitPage>("In transit", "Books", "/in-transit", AccountingPermissions.Read)
            .Page<TiePage>("Inventory tied out", "Books", "/inventory-tie", AccountingPermissions.Read)
            .Page<InventoryClosesPage>("Stated inventory", "Books", "/inventory-closes", AccountingPermissions.Read)
            .Page<WriteDownsPage>("Write-downs", "Books", "/write-downs", AccountingPermissions.Read)
            .Desk<TieCard>().Desk<ProductTieCard>()
            .Desk<Bookkeeper>().Desk<Deferring>().Desk<NotedRates>().Desk<IRates>(s => s.GetRequiredService<NotedRates>())
            .Handles<GivePostingRules>()
            .Handles<PostCostOfGoodsSold>().Handles<PostReceiptAccrual>().Handles<PostReturnedGoods>().Handles<PostAdjustment>().Handles<PostRevaluation>().Handles<PostConversion>()
            .Handles<PostRevenue>().Handles<PostPayment>().Handles<PostVoucher>().Handles<RecogniseDelivered>();
        AccountingProof.AddTo(contents);
    }
}

/// The permissions of posting rules and rates.
public static class AccountingPermissions
{
    public const string Read = "accounting.read";
    public const string Rules = "accounting.rules";
    public const string Rates = "accounting.rates";
}

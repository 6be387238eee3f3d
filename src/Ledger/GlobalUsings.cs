global using Keel.Ledger.Contract;

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Keel.Kernel.Views;

namespace Keel.App.Doors;

/// The description of the API, made from the operations and views themselves: what is described is what answers.
internal sealed class OpenApi(ModuleCatalog catalog)
{
    private readonly Lazy<byte[]> document = new(() => JsonSerializer.SerializeToUtf8Bytes(Describe(catalog)));

    public async Task Answer(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(document.Value, http.RequestAborted);
    }

    private static JsonObject Describe(ModuleCatalog catalog)
    {
        var (paths, schemas) = (new JsonObject(), new JsonObject { ["problem"] = Problem() });
        foreach (var operation in catalog.Operations.OrderBy(o => o.Name, StringComparer.Ordinal))
        {
            schemas[operation.Name] = SchemaOf(operation.Request);
            schemas[operation.Name + ".answer"] = SchemaOf(operation.Answer);
            paths[OperationDoor.AddressOf(operation)] = new JsonObject { ["post"] = Post(operation) };
        }

        foreach (var view in catalog.Views.Select(ViewInfo.Of).OrderBy(v => v.Name, StringComparer.Ordinal))
        {
            schemas[view.Name + ".row"] = RowSchema(view);
            paths[ViewAddress.Of(view)] = new JsonObject { ["get"] = Get(view) };
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Keel", ["version"] = "1",
                ["description"] = "Every operation and every list of Keel. Amounts are exact decimals; unknown fields are refused; the same Idempotency-Key with the same body gets the same answer for 30 days.",
            },
            ["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key: keel_…" } },
                ["responses"] = Refusals(),
            },
        };
    }

    private static JsonObject Post(OperationInfo operation) => new()
    {
        ["operationId"] = operation.Name,
        ["summary"] = operation.Title,
        ["tags"] = new JsonArray(operation.Module),
        ["description"] = $"Needs the permission {operation.Permission}.",
        ["parameters"] = new JsonArray(
            Parameter("header", Doorman.CompanyHeader, "The code of the company, where the key is for more than one."),
            Parameter("header", "Idempotency-Key", "1 to 200 printable characters; the same request under the same key is done once."),
            Parameter("query", "dryRun", "true: run, answer, and undo.", "boolean")),
        ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Json(Ref(operation.Name)) },
        ["responses"] = Responses(new JsonObject { ["description"] = "Done.", ["content"] = Json(Ref(operation.Name + ".answer")) },
            ["202", "400", "401", "403", "404", "409", "413", "415", "429", "503"]),
    };

    private static JsonObject Get(ViewInfo view)
    {
        var parameters = new JsonArray(
            Parameter("header", Doorman.CompanyHeader, "The code of the company, where the key is for more than one."),
            Parameter("query", "q", "Search by the beginning of the searched columns."),
            Parameter("query", "sort", $"A column, with - in front for falling. As delivered: {view.Sort}."),
            Parameter("query", "group", "A column: instead of rows, how many rows each of its values has and what their amounts and quantities sum up to; the 200 largest."),
            Parameter("query", "size", "Rows per page, at most 200.", "integer"),
            Parameter("query", "after", "The key `next` of the page before."),
            Parameter("query", "before", "The key `previous` of the page after."),
            Parameter("query", "format", "json, or csv or xlsx for all rows as a file."));
        foreach (var argument in view.Args?.GetConstructors().MaxBy(c => c.GetParameters().Length)?.GetParameters() ?? [])
        {
            parameters.Add(Parameter("query", ViewInfo.Kebab(argument.Name!), "What the list is about.", required: !argument.HasDefaultValue && Nullable.GetUnderlyingType(argument.ParameterType) is null));
        }

        foreach (var column in view.Columns.Where(c => c.IsComparable))
        {
            parameters.Add(Parameter("query", "f." + column.Name, $"Filter: {column.Title}. Also f.{column.Name}.ne, .gt, .ge, .lt, .le, .is{(column.Type == typeof(string) ? ", .has, .starts" : "")}."));
        }

        var page = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["rows"] = new JsonObject { ["type"] = "array", ["items"] = Ref(view.Name + ".row") },
                ["count"] = new JsonObject { ["type"] = "integer", ["description"] = "Counted up to 1000; then `more` is true." },
                ["more"] = new JsonObject { ["type"] = "boolean" },
                ["next"] = new JsonObject { ["type"] = "string" },
                ["previous"] = new JsonObject { ["type"] = "string" },
                ["groups"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object" }, ["description"] = "Instead of rows, where `group` asks for it: value, rows, sums." },
            },
        };
        return new JsonObject
        {
            ["operationId"] = view.Name, ["summary"] = ViewInfo.Spoken(view.Name[(view.Name.IndexOf('.') + 1)..]),
            ["tags"] = new JsonArray(view.Name[..view.Name.IndexOf('.')]), ["description"] = $"Needs the permission {view.Permission}.",
            ["parameters"] = parameters,
            ["responses"] = Responses(new JsonObject { ["description"] = "A page of rows.", ["content"] = Json(page) }, ["400", "401", "403", "404", "429", "503"]),
        };
    }

    private static JsonObject Responses(JsonObject good, string[] others)
    {
        var responses = new JsonObject { ["200"] = good };
        foreach (var status in others) responses[status] = new JsonObject { ["$ref"] = "#/components/responses/" + status };
        return responses;
    }

    private static JsonObject Refusals()
    {
        var refusals = new JsonObject
        {
            ["202"] = new JsonObject
            {
                ["description"] = "It waits for somebody's approval.",
                ["content"] = Json(SchemaOf(typeof(Pending))),
            },
        };
        foreach (var status in new[] { 400, 401, 403, 404, 409, 413, 415, 429, 503 })
        {
            refusals[status.ToString()] = new JsonObject
            {
                ["description"] = Problems.Title(status),
                ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Ref("problem") } },
            };
        }

        return refusals;
    }

    private static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("type", "title", "status", "code", "detail"),
        ["properties"] = new JsonObject
        {
            ["type"] = Text("/problems/ and the code: stable, for programs."), ["title"] = Text("The kind of refusal."), ["status"] = new JsonObject { ["type"] = "integer" },
            ["code"] = Text("The stable code alone."), ["detail"] = Text("What is wrong and what to do."), ["reference"] = Text("The key of the log's line, where something broke."),
            ["fields"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["field"] = Text("Where: lines[0].sku."), ["message"] = Text("What is wrong there.") } },
            },
        },
    };

    private static JsonNode SchemaOf(Type type) => JsonSchemaExporter.GetJsonSchemaAsNode(KeelJson.Options, type, new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true, TransformSchemaNode = static (context, schema) => Known(context.TypeInfo.Type) ?? schema,
    });

    private static JsonObject RowSchema(ViewInfo view)
    {
        var properties = new JsonObject();
        foreach (var column in view.Columns) properties[char.ToLowerInvariant(column.Property.Name[0]) + column.Property.Name[1..]] = SchemaOf(column.Property.PropertyType);
        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    /// The types that are written in a way of their own.
    private static JsonObject? Known(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(Quantity)) return new JsonObject { ["type"] = "number", ["description"] = "Stock units, at most three decimals." };
        if (type == typeof(Currency)) return new JsonObject { ["type"] = "string", ["description"] = "ISO 4217, such as EUR.", ["minLength"] = 3, ["maxLength"] = 3 };
        if (type == typeof(Money)) return Amount("amount");
        if (type == typeof(UnitPrice)) return Amount("price");
        if (typeof(IId).IsAssignableFrom(type)) return new JsonObject { ["type"] = "string", ["format"] = "uuid" };
        if (!typeof(ICode).IsAssignableFrom(type) || !type.IsValueType) return null;
        return new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = (int)type.GetProperty("MaxLength", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)! };
    }

    private static JsonObject Amount(string name) => new()
    {
        ["type"] = "object", ["required"] = new JsonArray(name, "currency"),
        ["properties"] = new JsonObject { [name] = new JsonObject { ["type"] = "number" }, ["currency"] = new JsonObject { ["type"] = "string" } },
    };

    private static JsonObject Parameter(string place, string name, string description, string type = "string", bool required = false) => new()
    {
        ["name"] = name, ["in"] = place, ["required"] = required, ["description"] = description, ["schema"] = new JsonObject { ["type"] = type },
    };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Json(JsonNode schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Ref(string name) => new() { ["$ref"] = "#/components/schemas/" + name };
}

using System.Text;

namespace Millrace.Schemas.Tests.Validation;

/// <summary>Judging an event allocates nothing, whether it fits or not.</summary>
public sealed class AllocationTests
{
    private const string Schema = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "properties": {
            "eventId": { "type": "string", "format": "uuid" },
            "eventType": { "const": "order.placed" },
            "userId": { "type": "string", "pattern": "^user-[0-9]+$" },
            "timestamp": { "type": "string", "format": "date-time" },
            "currency": { "enum": ["EUR", "USD", "GBP"] },
            "total": { "type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01 },
            "items": { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "$ref": "#/$defs/item" } },
            "email": { "type": "string", "pattern": "^\\S+@\\S+$" },
            "note": { "type": ["string", "null"], "maxLength": 20 }
          },
          "required": ["eventType", "userId", "total", "items"],
          "unevaluatedProperties": false,
          "$defs": { "item": { "type": "object", "properties": { "sku": { "type": "string" }, "count": { "type": "integer", "minimum": 1 } }, "required": ["sku"] } }
        }
        """;

    private const string Event = """
        {"eventId":"0198a1c2-7d3e-7abc-8def-0123456789ab","eventType":"order.placed","userId":"user-17","timestamp":"2026-03-04T05:06:07Z","currency":"EUR",
         "total":129.95,"items":[{"sku":"a-1","count":2},{"sku":"\u0062-2","count":1}],"email":"ann@example.com","note":"leave at the door"}
        """;

    [Theory]
    [InlineData("", "", true)]
    [InlineData("129.95", "129.955", false)]
    [InlineData("\"user-17\"", "\"person-17\"", false)]
    [InlineData("\"a-1\",\"count\":2}", "\"a-1\"", false)]
    [InlineData("leave at the door", "leave at the door, or with the neighbours", false)]
    [InlineData("\"note\"", "\"unknown\"", false)]
    public void Judging_an_event_allocates_nothing(string replaced, string by, bool valid)
    {
        var schema = JsonSchema.Compile(Encoding.UTF8.GetBytes(Schema), new SchemaOptions { AssertFormats = true });
        var utf8 = Encoding.UTF8.GetBytes(replaced.Length == 0 ? Event : Event.Replace(replaced, by));
        Assert.Equal(valid, schema.IsValid(utf8));
        Allocations.AssertNone(() => schema.IsValid(utf8));
    }

    [Fact]
    public void Report_of_an_event_that_fits_allocates_nothing()
    {
        var schema = JsonSchema.Compile(Encoding.UTF8.GetBytes(Schema), new SchemaOptions { AssertFormats = true });
        var utf8 = Encoding.UTF8.GetBytes(Event);
        Assert.True(schema.Evaluate(utf8).Valid);
        Allocations.AssertNone(() => schema.Evaluate(utf8));
    }
}

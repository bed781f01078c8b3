using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Schemas;

namespace Millrace.Client.Tests;

public sealed class SchemaTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Nested, recursive, generic and polymorphic types, dictionaries, enums, formats, nullability and descriptions, all as frozen.</summary>
    [Fact]
    public void Schema_of_a_rich_type_is_the_frozen_one()
    {
        var schema = EventSchema.Export(typeof(CartCheckedOut), EventJson.CreateOptions(CartContext.Default));

        var expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cart_checked_out.json"));
        Assert.Equal(expected.TrimEnd(), schema.ToJsonString(Readable));
    }

    [Fact]
    public void Schema_is_the_same_by_reflection_and_by_source_generation()
    {
        var generated = EventSchema.Export(typeof(OrderPlaced), EventJson.CreateOptions(ShopContext.Default));
        var reflected = EventSchema.Export(typeof(OrderPlaced), EventJson.CreateOptions(null));

        Assert.Equal(reflected.ToJsonString(Readable), generated.ToJsonString(Readable));
        Assert.Equal("What the order costs.", (string?)generated["properties"]!["total"]!["description"]);
    }

    [Fact]
    public void Type_and_version_of_the_attribute_are_in_the_schema()
    {
        var schema = EventSchema.Export(typeof(Shipment), EventJson.CreateOptions(ShopContext.Default));

        Assert.Equal("urn:millrace:schema:shop.order-shipped:3", (string?)schema["$id"]);
        Assert.Equal("shop.order-shipped", (string?)schema["properties"]!["eventType"]!["const"]);
        Assert.Equal(("shop.order-shipped", 3), (EventSchema.EventTypeOf(typeof(Shipment)), EventSchema.VersionOf(typeof(Shipment))));
    }

    [Fact]
    public void What_the_producer_may_leave_out_is_not_required()
    {
        var options = EventJson.CreateOptions(SparseContext.Default);

        var schema = EventSchema.Export(typeof(Sparse), options);

        Assert.Equal("""["eventType","count","always"]""", schema["required"]!.ToJsonString());
        var written = JsonNode.Parse(JsonSerializer.Serialize(new Sparse(null, 0) { Always = null, Sometimes = 0 }, options.GetTypeInfo(typeof(Sparse))))!.AsObject();
        Assert.All(schema["required"]!.AsArray(), name => Assert.True(written.ContainsKey((string)name!)));
        Assert.All(written, field => Assert.True(schema["properties"]!.AsObject().ContainsKey(field.Key)));
    }

    [Fact]
    public void Without_documentation_only_what_attributes_say_is_described()
    {
        var schema = EventSchema.Export(typeof(CartCheckedOut), EventJson.CreateOptions(CartContext.Default), Path.GetTempPath());

        Assert.Null(schema["description"]);
        Assert.Equal("How it is paid.", (string?)schema["properties"]!["payment"]!["description"]);
    }

    /// <summary>Formats are asserted, and every kind of property has a value.</summary>
    [Fact]
    public void What_the_producer_writes_fits_the_schema()
    {
        var options = EventJson.CreateOptions(CartContext.Default);
        var schema = JsonSchema.Compile(
            JsonSerializer.SerializeToUtf8Bytes(EventSchema.Export(typeof(CartCheckedOut), options)), new SchemaOptions { AssertFormats = true });
        var cart = new CartCheckedOut
        {
            UserId = "1",
            Items = [new Item("a", 1.5m)],
            Billing = new Address("Street", null),
            Payment = PaymentKind.BankTransfer,
            Notes = [null, "note"],
            Tags = [null],
            Discounts = new() { ["a"] = null, ["b"] = 0.1m },
            Gifts = new() { ["a"] = null },
            Category = new Category { Name = "c", Children = [new Category { Name = "d" }] },
            Page = new Page<Item>([new Item("b", 2)]),
            Day = new DateOnly(2026, 1, 2),
            Duration = TimeSpan.FromMinutes(90),
            Link = new Uri("https://example.org/"),
            Points = long.MaxValue,
            Extra = JsonElement.Parse("[1]"),
            Discount = new Percentage(3),
        };

        var report = schema.Evaluate(JsonSerializer.SerializeToUtf8Bytes(cart, options.GetTypeInfo(typeof(CartCheckedOut))));

        Assert.True(report.Valid, string.Join('\n', report.Errors));
        Assert.False(schema.IsValid("""{"eventType":"cart_checked_out","items":[],"billing":null}"""u8));
    }

    [Theory]
    [InlineData(typeof(Abstract), "is abstract")]
    [InlineData(typeof(Nameless), "1 to 200 characters")]
    [InlineData(typeof(string), "does not derive from Event")]
    public void Type_that_has_no_schema_is_named(Type type, string says) =>
        Assert.Contains(
            says,
            Assert.Throws<EventTypeException>(() => EventSchema.Export(type, EventJson.CreateOptions(null))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Type_that_the_context_does_not_know_is_named() =>
        Assert.Contains(
            "Forgotten",
            Assert.Throws<EventTypeException>(() => EventSchema.Export(typeof(Forgotten), EventJson.CreateOptions(ShopContext.Default))).Message,
            StringComparison.Ordinal);
}

using Millrace.Schemas.Compatibility;
using Millrace.Schemas.Tests.Validation;

namespace Millrace.Schemas.Tests.Compatibility;

/// <summary>The changes that people make, and what each of them breaks.</summary>
public sealed class SchemaCompatibilityTests
{
    private const string Order = """
        {"type":"object","properties":{"id":{"type":"string"},"total":{"type":"number","minimum":0},"state":{"enum":["new","paid"]}},"required":["id"]}
        """;

    [Theory]
    [InlineData("nothing", "", "", true, true, null)]
    [InlineData("an optional property", "\"properties\":{", "\"properties\":{\"note\":{\"type\":\"string\"},", true, true, "property-added")]
    [InlineData("a required property", "[\"id\"]", "[\"id\",\"total\"]", false, true, "required-added")]
    [InlineData("a property no longer required", "[\"id\"]", "[]", true, false, "required-removed")]
    [InlineData("a value more", "[\"new\",\"paid\"]", "[\"new\",\"paid\",\"sent\"]", true, false, "enum-widened")]
    [InlineData("a value less", "[\"new\",\"paid\"]", "[\"new\"]", false, true, "enum-narrowed")]
    [InlineData("a wider type", "\"type\":\"number\"", "\"type\":[\"number\",\"null\"]", true, false, "type-widened")]
    [InlineData("a narrower type", "\"type\":\"number\"", "\"type\":\"integer\"", false, true, "type-narrowed")]
    [InlineData("a tighter range", "\"minimum\":0", "\"minimum\":1", false, true, "range-narrowed")]
    [InlineData("a looser range", "\"minimum\":0", "\"minimum\":-1.5", true, false, "range-widened")]
    [InlineData("the same range in other words", "\"minimum\":0", "\"minimum\":0.0e1", true, true, null)]
    [InlineData("an open end of the range", "\"minimum\":0", "\"exclusiveMinimum\":0", false, true, "range-narrowed")]
    [InlineData("a closed object", "\"required\"", "\"additionalProperties\":false,\"required\"", false, true, "object-closed")]
    [InlineData("a pattern", "\"id\":{\"type\":\"string\"", "\"id\":{\"type\":\"string\",\"pattern\":\"^o-\"", false, true, "pattern-added")]
    [InlineData("a description", "\"required\"", "\"description\":\"an order\",\"required\"", true, true, null)]
    public void Change_breaks_what_it_should(string change, string replaced, string by, bool backward, bool forward, string? kind)
    {
        var diff = Compare(Order, replaced.Length == 0 ? Order : Order.Replace(replaced, by), strict: false);

        Assert.True(backward == diff.IsCompatible(CompatibilityLevel.Backward), change);
        Assert.True(forward == diff.IsCompatible(CompatibilityLevel.Forward), change);
        Assert.Equal(backward && forward, diff.IsCompatible(CompatibilityLevel.FullTransitive));
        Assert.True(diff.IsCompatible(CompatibilityLevel.None));
        Assert.Equal(kind is null ? [] : [kind], diff.Differences.Select(difference => difference.Kind).Distinct());
    }

    [Fact]
    public void Difference_names_its_place()
    {
        var difference = Assert.Single(Compare(Order, Order.Replace("\"minimum\":0", "\"minimum\":1"), strict: false).Differences);
        Assert.Equal(("/properties/total/minimum", true, false), (difference.Pointer, difference.BreaksBackward, difference.BreaksForward));
        Assert.Equal("minimum 1 is asked for now", difference.Message);
    }

    [Fact]
    public void Optional_property_of_an_open_object_is_allowed_unless_strict()
    {
        var newer = Order.Replace("\"properties\":{", "\"properties\":{\"note\":{\"type\":\"string\"},");

        Assert.True(Compare(Order, newer, strict: false).IsCompatible(CompatibilityLevel.Full));
        Assert.False(Compare(Order, newer, strict: true).IsCompatible(CompatibilityLevel.Backward));
        Assert.True(Compare(Order, newer, strict: true).IsCompatible(CompatibilityLevel.Forward));
        Assert.False(Compare(newer, Order, strict: true).IsCompatible(CompatibilityLevel.Forward));
        Assert.True(Compare(newer, Order, strict: false).IsCompatible(CompatibilityLevel.Full));
    }

    [Fact]
    public void Property_that_an_alternative_described_is_not_new()
    {
        var diff = Compare(
            """{"anyOf":[{"properties":{"a":{"type":"string"}}},{"required":["b"]}]}""",
            """{"properties":{"a":{"type":"integer"}}}""",
            strict: false);
        Assert.False(diff.IsCompatible(CompatibilityLevel.Backward));
    }

    [Fact]
    public void Property_of_a_closed_object_may_be_added_but_not_taken_away()
    {
        const string Closed = """{"properties":{"a":{"type":"string"}},"additionalProperties":false}""";
        const string Wider = """{"properties":{"a":{"type":"string"},"b":{"type":"string"}},"additionalProperties":false}""";

        Assert.True(Compare(Closed, Wider, strict: true).IsCompatible(CompatibilityLevel.Backward));
        Assert.False(Compare(Closed, Wider, strict: true).IsCompatible(CompatibilityLevel.Forward));
        Assert.False(Compare(Wider, Closed, strict: false).IsCompatible(CompatibilityLevel.Backward));
        Assert.True(Compare(Closed, Closed.Replace("additionalProperties", "unevaluatedProperties"), strict: true).IsCompatible(CompatibilityLevel.Full));
    }

    [Fact]
    public void Alternatives_may_be_added_and_are_told_apart_by_a_constant()
    {
        static string Shape(string kind, string type) => $$"""{"properties":{"kind":{"const":"{{kind}}"},"value":{"type":"{{type}}"} },"required":["kind"]}""";
        static string OneOf(params string[] branches) => $$"""{"type":"object","oneOf":[{{string.Join(',', branches)}}]}""";

        var older = OneOf(Shape("x", "integer"), Shape("y", "string"));
        Assert.True(Compare(older, OneOf(Shape("x", "number"), Shape("y", "string"), Shape("z", "null")), strict: true).IsCompatible(CompatibilityLevel.Backward));
        Assert.False(Compare(older, OneOf(Shape("x", "integer")), strict: true).IsCompatible(CompatibilityLevel.Backward));
    }

    [Fact]
    public void Recursive_schemas_are_compared_through_their_references()
    {
        const string Tree = """{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"value":{"type":"integer"},"left":{"$ref":"#/$defs/node"}},"required":["value"]}}}""";

        Assert.True(Compare(Tree, Tree.Replace("integer", "number"), strict: true).IsCompatible(CompatibilityLevel.Backward));
        Assert.False(Compare(Tree, Tree.Replace("integer", "string"), strict: true).IsCompatible(CompatibilityLevel.Backward));
        Assert.Empty(Compare(Tree, Tree.Replace("node", "other"), strict: true).Differences);
    }

    [Fact]
    public void What_cannot_be_told_breaks_and_says_so()
    {
        var diff = Compare("""{"type":"string","pattern":"^a+$"}""", """{"type":"string","pattern":"^a*$"}""", strict: false);

        Assert.False(diff.IsCompatible(CompatibilityLevel.Backward));
        Assert.Contains(diff.Differences, difference => difference is { Kind: "undecidable", Pointer: "/pattern", BreaksBackward: true, BreaksForward: true });
    }

    [Fact]
    public void Alternatives_that_multiply_are_given_up_in_bounded_time()
    {
        static string Many(int seed) => $$"""{"allOf":[{{string.Join(',', Enumerable.Range(0, 14).Select(i => $$"""{"anyOf":[{"required":["a{{i}}"]},{"required":["b{{i}}"]},{"minProperties":{{i + seed}}}]}"""))}}]}""";

        Assert.Contains(Compare(Many(3), Many(4), strict: false).Differences, difference => difference.Kind == "undecidable");
    }

    private static SchemaDiff Compare(string older, string newer, bool strict) => SchemaCompatibility.Compare(Compiled.Schema(older), Compiled.Schema(newer), strict);
}

namespace Millrace.Schemas.Tests.Validation;

/// <summary>What a report tells: where in the instance, where in the schema, and what a person reads.</summary>
public sealed class ReportTests
{
    [Fact]
    public void Report_names_both_places_through_references()
    {
        var schema = Compiled.Schema("""
            {"$id":"https://example.test/order","properties":{"lines":{"items":{"$ref":"#/$defs/line"}}},
             "$defs":{"line":{"properties":{"a/b":{"minimum":1}},"required":["sku"]}}}
            """);

        var report = schema.Evaluate("""{"lines":[{"sku":"x"},{"a/b":0}]}""");

        Assert.False(report.Valid);
        Assert.Equal(
            [
                new SchemaError("/lines/1/a~1b", "/properties/lines/items/$ref/properties/a~1b/minimum", "https://example.test/order#/$defs/line/properties/a~1b/minimum", "minimum", "must be at least 1, found 0"),
                new SchemaError("/lines/1", "/properties/lines/items/$ref/required", "https://example.test/order#/$defs/line/required", "required", "the member \"sku\" is missing"),
            ],
            report.Errors);
    }

    [Theory]
    [InlineData("""{"type":["integer","null"]}""", "\"x\"", "type", "expected integer or null, found \"x\"")]
    [InlineData("""{"enum":["a",{"b":1}]}""", "[1,2]", "enum", "expected one of \"a\", {\"b\":1}, found an array with 2 items")]
    [InlineData("""{"additionalProperties":false}""", """{"x":1}""", "additionalProperties", "the schema has no member \"x\"")]
    [InlineData("""{"unevaluatedProperties":false}""", """{"x":1}""", "unevaluatedProperties", "the schema has no member \"x\"")]
    [InlineData("""{"maxLength":2}""", "\"äöü\"", "maxLength", "must have at most 2 characters, found \"äöü\"")]
    [InlineData("""{"properties":{"x":false}}""", """{"x":1}""", "", "nothing is allowed here")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":0}]}""", "1", "oneOf", "must fit exactly one alternative, but fits numbers 0 and 1")]
    [InlineData("""{"contains":{"const":1}}""", "[2]", "contains", "must contain at least 1 fitting items")]
    public void Message_says_what_was_expected_and_what_was_found(string schema, string instance, string keyword, string message)
    {
        var error = Assert.Single(Compiled.Schema(schema).Evaluate(instance).Errors);
        Assert.Equal((keyword, message), (error.Keyword, error.Message));
    }

    [Fact]
    public void Failed_alternatives_are_summed_up_before_their_details_and_passed_ones_leave_nothing()
    {
        var schema = Compiled.Schema("""{"anyOf":[{"type":"string"},{"minimum":5}],"if":{"type":"string"},"else":{"maximum":9}}""");

        Assert.Equal(["anyOf", "type", "minimum"], schema.Evaluate("1").Errors.Select(error => error.Keyword));
        Assert.Empty(schema.Evaluate("7").Errors);
    }

    [Fact]
    public void Report_has_no_more_errors_than_asked_for()
    {
        var schema = JsonSchema.Compile("""{"items":{"type":"string"}}"""u8.ToArray(), new SchemaOptions { MaxErrors = 3 });

        var report = schema.Evaluate("[1,2,3,4,5]");

        Assert.Equal(["/0", "/1", "/2"], report.Errors.Select(error => error.InstanceLocation));
    }

    [Fact]
    public void Older_drafts_keep_their_own_spelling()
    {
        var draft07 = Compiled.Schema("""
            {"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"string"}],"additionalItems":false,
             "definitions":{"n":{"$id":"#n","type":"number"}},"dependencies":{"a":["b"],"c":{"required":["d"]}},
             "properties":{"n":{"$ref":"#n","maximum":3}}}
            """);
        Assert.True(draft07.IsValid("""["x"]"""));
        Assert.False(draft07.IsValid("""["x",1]"""));
        Assert.False(draft07.IsValid("""{"a":1}"""));
        Assert.False(draft07.IsValid("""{"c":1}"""));
        Assert.True(draft07.IsValid("""{"n":9}"""));
        Assert.False(draft07.IsValid("""{"n":"9"}"""));

        var draft201909 = Compiled.Schema("""
            {"$schema":"https://json-schema.org/draft/2019-09/schema","$recursiveAnchor":true,"properties":{"child":{"$recursiveRef":"#"},"x":{"type":"integer"}},
             "unevaluatedProperties":false}
            """);
        Assert.True(draft201909.IsValid("""{"child":{"child":{"x":1}}}"""));
        Assert.False(draft201909.IsValid("""{"child":{"child":{"y":1}}}"""));
    }
}

using System.Text;

namespace Millrace.Schemas.Tests.Validation;

/// <summary>Schemas that would hang, overflow or fill the memory of a naive validator.</summary>
public sealed class HostileSchemaTests
{
    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"allOf":[{"$ref":"#/$defs/a"}]}}}""")]
    [InlineData("""{"properties":{"x":{"anyOf":[{"type":"string"},{"not":{"$ref":"#/properties/x"}}]}}}""")]
    [InlineData("""{"dependentSchemas":{"a":{"$ref":"#"}}}""")]
    [InlineData("""{"$schema":"https://json-schema.org/draft/2019-09/schema","allOf":[{"$recursiveRef":"#"}]}""")]
    public void Reference_that_would_never_end_is_refused(string schema) => Assert.Contains("never end", Compiled.Refused(schema).Problem);

    [Fact]
    public void Cycle_over_dynamic_references_that_only_an_instance_shows_ends_in_a_report()
    {
        var schema = Compiled.Schema("""
            {"$id":"urn:x:outer","$dynamicAnchor":"a","$ref":"urn:x:inner",
             "$defs":{"inner":{"$id":"urn:x:inner","$dynamicRef":"#a","$defs":{"end":{"$dynamicAnchor":"a"}}}}}
            """);

        Assert.False(schema.IsValid("1"));
        Assert.Contains("schemas deep", Assert.Single(schema.Evaluate("1").Errors).Message);
    }

    [Fact]
    public void Long_chain_of_references_is_refused_without_a_deep_stack()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 50_000).Select(number => $$"""
            "d{{number}}":{"$ref":"#/$defs/d{{number + 1}}"}
            """));

        Assert.Contains("refer on to each other", Compiled.Refused($$"""{"$ref":"#/$defs/d0","$defs":{ {{definitions}},"d50000":true} }""").Problem);
    }

    [Fact]
    public void Alternatives_that_double_with_each_level_end_in_a_report()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 60).Select(number => $$"""
            "d{{number}}":{"allOf":[{"$ref":"#/$defs/d{{number + 1}}"},{"$ref":"#/$defs/d{{number + 1}}"}]}
            """));
        var schema = Compiled.Schema($$"""{"$ref":"#/$defs/d0","$defs":{ {{definitions}},"d60":{"type":"number"} } }""");

        Assert.False(schema.IsValid("1"));
        Assert.Contains("too much work", Assert.Single(schema.Evaluate("1").Errors).Message);
        Assert.False(Compiled.Schema(Encoding.UTF8.GetString(schema.Source.Span).Replace("\"$ref\":\"#/$defs/d0\"", "\"not\":{\"$ref\":\"#/$defs/d0\"}")).IsValid("1"));
    }

    [Fact]
    public void Huge_enum_is_looked_up()
    {
        var values = string.Join(',', Enumerable.Range(0, 100_000).Select(number => number % 2 == 0 ? $"\"value{number}\"" : $"{number}"));
        var schema = Compiled.Schema($$"""{"enum":[{{values}}]}""");

        Assert.True(schema.IsValid("\"value99998\""));
        Assert.True(schema.IsValid("99999.0"));
        Assert.False(schema.IsValid("\"value99999\""));
        Assert.True(Assert.Single(schema.Evaluate("2").Errors).Message.Length < 400);
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    [InlineData("(x+x+)+y")]
    public void Pattern_of_nested_repetitions_takes_time_in_proportion(string pattern)
    {
        var schema = Compiled.Schema($$"""{"pattern":"{{pattern}}"}""");
        Assert.False(schema.IsValid($"\"{new string(pattern.Contains('x') ? 'x' : 'a', 100_000)}!\""));
    }

    [Fact]
    public void Pattern_that_needs_backtracking_is_stopped()
    {
        var schema = Compiled.Schema("""{"pattern":"^(\\w+\\s?)*\\1$"}""");

        Assert.True(schema.IsValid("\"aaa\""));
        Assert.Contains("takes longer", Assert.Single(schema.Evaluate($"\"{new string('a', 50)}!\"").Errors).Message);
    }

    [Fact]
    public void Schema_nested_too_deep_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"not":""", 5_000)) + "{}" + new string('}', 5_000);
        Assert.Contains("1000 deep", Compiled.Refused(deep).Problem);
        Assert.ThrowsAny<SchemaException>(() => Compiled.Schema(string.Concat(Enumerable.Repeat("""{"not":""", 900)) + "{}" + new string('}', 900)));
    }

    [Fact]
    public void Resolver_that_always_has_another_document_comes_to_an_end()
    {
        var number = 0;
        var options = new SchemaOptions { Resolve = _ => Encoding.UTF8.GetBytes($$"""{"items":{"$ref":"http://example.test/{{++number}}"} }""") };

        var refused = Assert.Throws<SchemaException>(() => JsonSchema.Compile("""{"$ref":"http://example.test/0"}"""u8.ToArray(), options));
        Assert.Contains("more than 500 documents", refused.Problem);
    }

    [Theory]
    [InlineData("", "nothing to read", "")]
    [InlineData("[]", "neither an object nor a boolean", "")]
    [InlineData("""{"type":"strin"}""", "not a schema", "/type")]
    [InlineData("""{"properties":{"a":{"minimum":"3"}}}""", "expected number", "/properties/a/minimum")]
    [InlineData("""{"properties":{"a":{"pattern":"("}}}""", "not a regular expression", "/properties/a/pattern")]
    [InlineData("""{"items":{"$ref":"#/$defs/none"}}""", "no such place", "/items/$ref")]
    [InlineData("""{"$ref":"other.json"}""", "neither part of the schema nor given with it", "/$ref")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#"}""", "is unknown", "/$schema")]
    [InlineData("""{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}""", "stands twice", "/$defs/b/$anchor")]
    [InlineData("""{"a":1,"a":2}""", "stands twice", "")]
    [InlineData("""{"multipleOf":0}""", "greater than 0", "/multipleOf")]
    public void Malformed_schema_is_refused_with_where_and_why(string schema, string why, string where)
    {
        var refused = Compiled.Refused(schema);
        Assert.Contains(why, refused.Problem);
        Assert.Equal(where, refused.Pointer);
    }
}

using Millrace.Schemas.Tests.Validation;

namespace Millrace.Schemas.Tests.Compatibility;

/// <summary>Which names a schema forbids at the top, whatever their values.</summary>
public sealed class ForbiddenMemberTests
{
    [Theory]
    [InlineData("""{"additionalProperties":false}""")]
    [InlineData("""{"unevaluatedProperties":false}""")]
    [InlineData("""{"properties":{"a":false}}""")]
    [InlineData("""{"patternProperties":{"^b":{}},"additionalProperties":false}""")]
    [InlineData("""{"$ref":"#/$defs/x","$defs":{"x":{"additionalProperties":false}}}""")]
    [InlineData("""{"properties":{"a":{}},"allOf":[{"additionalProperties":false}]}""")]
    [InlineData("""{"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"propertyNames":{"pattern":"^[b-z]"}}""")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/x"}],"$defs":{"x":{"propertyNames":{"minLength":2}}}}""")]
    [InlineData("""{"properties":{"a":true},"propertyNames":false}""")]
    public void Name_is_forbidden(string schema)
    {
        Assert.True(Compiled.Schema(schema).Forbids("a"));
        Assert.False(Compiled.Schema(schema).IsValid("""{"a":1}"""));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"properties":{"a":{"type":"integer"}},"additionalProperties":false}""")]
    [InlineData("""{"patternProperties":{"^a":{}},"additionalProperties":false}""")]
    [InlineData("""{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}""")]
    [InlineData("""{"anyOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}],"unevaluatedProperties":false}""")]
    [InlineData("""{"properties":{"inner":{"additionalProperties":false}}}""")]
    [InlineData("""{"additionalProperties":{"type":"integer"}}""")]
    [InlineData("""{"propertyNames":{"enum":["a","b"]}}""")]
    [InlineData("""{"properties":{"inner":{"propertyNames":false}}}""")]
    [InlineData("true")]
    public void Name_is_allowed(string schema)
    {
        Assert.False(Compiled.Schema(schema).Forbids("a"));
        Assert.True(Compiled.Schema(schema).IsValid("""{"a":1}"""));
    }
}

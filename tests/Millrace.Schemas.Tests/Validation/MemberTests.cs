namespace Millrace.Schemas.Tests.Validation;

/// <summary>Which members there are and which are missing, on both sides of the 64 that one word remembers.</summary>
public sealed class MemberTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void Each_missing_name_of_many_is_found_and_each_name_too_many(int count)
    {
        var names = Enumerable.Range(0, count).Select(i => $"n{i}").ToList();
        var required = string.Join(',', names.Select(name => $"\"{name}\""));
        var properties = string.Join(',', names.Where((_, i) => i % 2 == 0).Append("optional").Select(name => $"\"{name}\":{{\"type\":\"integer\"}}"));
        var keyword = count % 2 == 0 ? "additionalProperties" : "unevaluatedProperties";
        var open = Compiled.Schema($$$"""{"properties":{{{{properties}}}},"required":[{{{required}}}]}""");
        var closed = Compiled.Schema($$$"""
            {"properties":{{{{properties}}}},"required":[{{{required}}}],"patternProperties":{"^n[0-9]*[13579]$":{"type":"integer"}},"{{{keyword}}}":false}
            """);
        foreach (var schema in (JsonSchema[])[open, closed])
        {
            Assert.True(schema.IsValid(Instance(names)));
            Assert.True(schema.IsValid(Instance(names.Append("optional"))));
            Assert.Equal(schema == open, schema.IsValid(Instance(names.Append("other"))));
            foreach (var missing in names)
            {
                var instance = Instance(names.Where(name => name != missing).Append("optional"));
                Assert.False(schema.IsValid(instance));
                Assert.Contains($"\"{missing}\"", Assert.Single(schema.Evaluate(instance).Errors).Message);
            }
        }
    }

    private static string Instance(IEnumerable<string> names) => $"{{{string.Join(',', names.Select((name, i) => $"\"{name}\":{i}"))}}}";
}

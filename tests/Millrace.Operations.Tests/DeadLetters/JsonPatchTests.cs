using System.Text.Json.Nodes;
using Millrace.Operations.DeadLetters;

namespace Millrace.Operations.Tests.DeadLetters;

/// <summary>The rules of RFC 6902 and of its pointers, RFC 6901.</summary>
public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":[true]}]""", """{"a":1,"b":[true]}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/a","value":2}]""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":null}]""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/2","value":3}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/-","value":[2]}]""", """{"a":[1,[2]]}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"","value":{"b":2}}]""", """{"b":2}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/","value":2}]""", """{"a":1,"":2}""")]
    [InlineData("""{"a":1,"b":2}""", """[{"op":"remove","path":"/a"}]""", """{"b":2}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"remove","path":"/a/1"}]""", """{"a":[1,3]}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"/a","value":{"x":null}}]""", """{"a":{"x":null}}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"replace","path":"/a/0","value":9}]""", """{"a":[9,2]}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":[1]}]""", """[1]""")]
    [InlineData("""{"a":{"x":1},"b":{}}""", """[{"op":"move","from":"/a/x","path":"/b/y"}]""", """{"a":{},"b":{"y":1}}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"move","from":"/a/0","path":"/a/2"}]""", """{"a":[2,3,1]}""")]
    [InlineData("""{"a":1}""", """[{"op":"move","from":"/a","path":"/a"}]""", """{"a":1}""")]
    [InlineData("""{"a":{"x":1}}""", """[{"op":"copy","from":"/a","path":"/b"},{"op":"replace","path":"/b/x","value":2}]""", """{"a":{"x":1},"b":{"x":2}}""")]
    [InlineData("""{"a":null}""", """[{"op":"test","path":"/a","value":null}]""", """{"a":null}""")]
    [InlineData("""{"a":1,"b":[1]}""", """[{"op":"test","path":"","value":{"b":[1.0],"a":10e-1}}]""", """{"a":1,"b":[1]}""")]
    [InlineData("""{"/":1,"~1":2}""", """[{"op":"remove","path":"/~1"},{"op":"test","path":"/~01","value":2}]""", """{"~1":2}""")]
    [InlineData("""{"n":12345678901234567890.12345678901}""", """[{"op":"add","path":"/a","value":1}]""", """{"n":12345678901234567890.12345678901,"a":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":2,"from":"/x","comment":"ignored"}]""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":1}""", "[]", """{"a":1}""")]
    public void Patch_that_fits_gives_the_result_of_the_specification(string document, string patch, string expected)
    {
        Assert.True(JsonPatch.TryParse(patch, out var parsed, out var error), error);
        var node = JsonNode.Parse(document);

        Assert.True(parsed.TryApply(ref node, out var problem), problem);
        Assert.Equal(expected, node?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"remove","path":"/b"}]""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"/b","value":1}]""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b/c","value":1}]""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/a/c","value":1}]""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/2","value":1}]""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/01","value":1}]""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/x","value":1}]""")]
    [InlineData("""{"a":[1]}""", """[{"op":"remove","path":"/a/-"}]""")]
    [InlineData("""{"a":1}""", """[{"op":"move","from":"/b","path":"/c"}]""")]
    [InlineData("""{"a":1}""", """[{"op":"copy","from":"/b","path":"/c"}]""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":"1"}]""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/b","value":null}]""")]
    public void Patch_that_does_not_fit_says_which_operation(string document, string patch)
    {
        Assert.True(JsonPatch.TryParse(patch, out var parsed, out var error), error);
        var node = JsonNode.Parse(document);

        Assert.False(parsed.TryApply(ref node, out var problem));
        Assert.StartsWith("operation 1 (", problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""[1]""")]
    [InlineData("""[{"op":"wat","path":"/a"}]""")]
    [InlineData("""[{"op":"ADD","path":"/a","value":1}]""")]
    [InlineData("""[{"op":"add","value":1}]""")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/~2","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a"}]""")]
    [InlineData("""[{"op":"test","path":"/a"}]""")]
    [InlineData("""[{"op":"copy","path":"/a"}]""")]
    [InlineData("""[{"op":"move","from":"/a","path":"/a/b"}]""")]
    [InlineData("""[{"op":"add","op":"remove","path":"/a","value":1}]""")]
    public void What_is_no_patch_is_refused(string text) => Assert.False(JsonPatch.TryParse(text, out _, out _));
}

using System.Text;
using Millrace.Events;
using Millrace.Schemas.Catalog;
using Millrace.Schemas.Tests.Validation;

namespace Millrace.Schemas.Tests.Catalog;

/// <summary>An event is read once, for its envelope and for its schema: judging what was read gives what judging the bytes gives.</summary>
public sealed class JudgementTests
{
    private const string Schema = """
        {
          "type": "object",
          "required": ["eventType", "n"],
          "properties": {
            "eventType": { "const": "t" },
            "n": { "type": "integer", "maximum": 9 },
            "text": { "type": "string", "maxLength": 5, "pattern": "^[a-zé\"]*$" },
            "list": { "type": "array", "uniqueItems": true, "items": { "type": ["string", "number"] } },
            "userId": true
          },
          "additionalProperties": { "type": "object", "additionalProperties": false }
        }
        """;

    private static readonly SchemaCatalog Schemas = new(
        [new TypeSchemas("t", SchemaMode.Enforce, 1, new Dictionary<int, JsonSchema> { [1] = Compiled.Schema(Schema) })], UnknownTypes.Reject);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Event_that_was_read_is_judged_as_its_bytes_are(int seed)
    {
        string[] pieces = ["\"n\":1", "\"n\":12", "\"text\":\"ab\"", "\"text\":\"\\u00e9\\\"\"", "\"t\\u0065xt\":\"abcdef\"", "\"list\":[1,\"a\",\"\\u0061\"]", "\"list\":[1,1.5,\"a\"]",
            "\"x\":{}", "\"x\":{\"a\":1}", "\"x\":{\"a\":{},\"a\":{}}", "\"userId\":\"u\\n1\"", "\"y\":[]", "\"n\":1"];
        var random = new Random(seed);
        int fitting = 0, refused = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var members = random.GetItems(pieces, random.Next(1, 5));
            var json = Encoding.UTF8.GetBytes($$"""{{{(random.Next(2) == 0 ? "" : " ")}}"eventType":"t",{{string.Join(',', members)}}}""");
            if (EnvelopeReader.Read(json, out var envelope, out _) != RefusalReason.None)
            {
                continue;
            }

            var asRead = Schemas.Judge(envelope, json);
            var again = Schemas.Judge(envelope, json.ToArray());

            Assert.Equal(again.Detail, asRead.Detail);
            Assert.Equal(again.Errors, asRead.Errors);
            _ = asRead.IsRefused ? refused++ : fitting++;
        }

        // Neither all of one kind nor all of the other: else nothing would be proven.
        Assert.InRange(fitting, 100, 4_900);
        Assert.InRange(refused, 100, 4_900);
    }

    [Fact]
    public void Event_is_judged_by_its_own_bytes_when_another_one_was_read_since()
    {
        var fits = """{"eventType":"t","n":1,"text":"\u0061"}"""u8.ToArray();
        var other = """{"eventType":"t","n":1,"text":"a","q":2}"""u8.ToArray();
        EnvelopeReader.Read(fits, out var first, out _);
        EnvelopeReader.Read(other, out var second, out _);

        Assert.Equal("", Schemas.Judge(first, fits).Detail);
        Assert.StartsWith("t version 1: /q:", Schemas.Judge(second, other).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_were_added_to_an_event_are_judged_too()
    {
        var json = """{"eventType":"t","n":1}"""u8.ToArray();
        EnvelopeReader.Read(json, out var envelope, out _);

        Assert.False(Schemas.Judge(envelope, json).IsRefused);
        Assert.True(Schemas.Judge(envelope, """{"added":1,"eventType":"t","n":1}"""u8).IsRefused);
    }

    [Fact]
    public void Name_that_stands_twice_is_refused_where_it_stands()
    {
        var json = """{"eventType":"t","n":1,"x":{},"x":{}}"""u8.ToArray();

        // jsonb takes the last one; a schema cannot say which one it is about.
        Assert.Equal(RefusalReason.None, EnvelopeReader.Read(json, out var envelope, out _));
        Assert.Contains("the name at byte 30 stands twice", Schemas.Judge(envelope, json).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_and_judging_an_event_allocates_nothing()
    {
        var json = """{"eventType":"t","n":7,"text":"abc","list":["a",1],"userId":17}"""u8.ToArray();
        Allocations.AssertNone(() =>
        {
            if (EnvelopeReader.Read(json, out var envelope, out _) != RefusalReason.None || Schemas.Judge(envelope, json).IsRefused)
            {
                throw new InvalidOperationException("The event fits.");
            }
        });
    }
}

using System.Text;
using System.Text.Json;
using Millrace.Schemas.Inference;
using Millrace.Schemas.Tests.Generated;

namespace Millrace.Schemas.Tests.Inference;

/// <summary>The proposed schema says what events have in common, and accepts every one of them.</summary>
public sealed class SchemaInferenceTests
{
    [Fact]
    public void Schema_tells_types_required_names_choices_and_formats()
    {
        var inference = new SchemaInference();
        for (var i = 0; i < 100; i++)
        {
            Add(inference, $$"""
                {"id":"0198a1c2-7d3e-7abc-8def-0123456789{{i:D2}}","at":"2026-03-04T05:06:{{i % 60:D2}}Z","mail":"u{{i}}@example.com","state":"{{(i % 3 == 0 ? "paid" : "new")}}",
                 "name":"user {{i}}","total":{{(i % 2 == 0 ? "1" : "1.5")}},"count":{{i}},"lines":[{"sku":"s{{i}}"}]{{(i % 2 == 0 ? "" : ",\"note\":null")}} }
                """);
        }

        var expected = """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{
              "id":{"type":"string","format":"uuid"},"at":{"type":"string","format":"date-time"},"mail":{"type":"string","format":"email"},
              "state":{"type":"string","enum":["new","paid"]},"name":{"type":"string"},"total":{"type":"number"},"count":{"type":"integer"},
              "lines":{"type":"array","items":{"type":"object","properties":{"sku":{"type":"string"}},"required":["sku"]}},
              "note":{"type":"null"}},"required":["id","at","mail","state","name","total","count","lines"]}
            """;
        Assert.Equal(100, inference.Events);
        Assert.True(JsonElement.DeepEquals(Parse(expected), Parse(Encoding.UTF8.GetString(inference.ToSchema().Span))), Encoding.UTF8.GetString(inference.ToSchema().Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_event_that_was_added_fits(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var generator = new Generator(random);
            var events = Enumerable.Range(0, random.Next(1, 60)).Select(_ => Encoding.UTF8.GetBytes(generator.Instance(4)?.ToJsonString() ?? "null")).ToList();
            var inference = new SchemaInference();
            events.ForEach(one => inference.Add(one));
            var schema = JsonSchema.Compile(inference.ToSchema(), new SchemaOptions { AssertFormats = true });
            Assert.All(events, one => Assert.True(schema.IsValid(one), $"{Encoding.UTF8.GetString(one)} does not fit {Encoding.UTF8.GetString(schema.Source.Span)}"));
        }
    }

    [Fact]
    public void Names_that_are_data_and_texts_without_end_are_not_kept()
    {
        var inference = new SchemaInference();
        for (var i = 0; i < 30_000; i++)
        {
            Add(inference, $$"""{"byId":{"id{{i}}":1},"text":"{{i}}"}""");
        }

        Assert.InRange(inference.ToSchema().Length, 1, 1_000);
        Assert.True(JsonSchema.Compile(inference.ToSchema(), SchemaOptions.Default).IsValid("""{"byId":{"other":1},"text":"x"}"""u8));
    }

    [Fact]
    public void Deep_events_are_described_to_a_depth()
    {
        var inference = new SchemaInference();
        Add(inference, string.Concat(Enumerable.Repeat("{\"a\":[", 300)) + "1" + string.Concat(Enumerable.Repeat("]}", 300)));

        Assert.InRange(inference.ToSchema().Length, 1, 10_000);
    }

    [Fact]
    public void What_is_no_json_is_refused_and_not_counted()
    {
        var inference = new SchemaInference();

        Assert.Contains("stands twice", Assert.Throws<JsonException>(() => Add(inference, """{"a":1,"a":2}""")).Message);
        Assert.Equal(0, inference.Events);
        Assert.True(JsonSchema.Compile(inference.ToSchema(), SchemaOptions.Default).IsValid("1"u8));
    }

    private static void Add(SchemaInference inference, string json) => inference.Add(Encoding.UTF8.GetBytes(json));

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}

using System.Text.Json;
using Millrace.Testing;

namespace Millrace.Registry.Tests.Http;

/// <summary>The answers of Confluent's interface, byte by byte where clients look.</summary>
public sealed class ConfluentApiTests(PostgresFixture postgres)
{
    private const string Whole = """{"type":"object","properties":{"total":{"type":"integer"}}}""";
    private const string Number = """{"type":"object","properties":{"total":{"type":"number"}}}""";

    [Fact]
    public async Task What_is_registered_is_in_force_at_once_and_can_be_fetched_in_every_way()
    {
        await using var app = await RegistryApp.StartAsync(postgres);

        Assert.Equal("""200 {"id":1}""", await app.CallAsync("POST", "/subjects/a/versions", Body(Whole)));
        Assert.Equal("""200 {"id":1}""", await app.CallAsync("POST", "/subjects/a/versions", Body(Whole)));
        Assert.Equal("""200 {"id":2}""", await app.CallAsync("POST", "/subjects/a/versions", Body(Number)));
        Assert.Equal("""200 {"id":1}""", await app.CallAsync("POST", "/subjects/b-value/versions", Body(Whole)));

        Assert.Equal("1 deprecated, 2 active", await app.Run.StatesAsync("a"));
        Assert.Equal("""200 ["a","b-value"]""", await app.CallAsync("GET", "/subjects"));
        Assert.Equal("""200 ["b-value"]""", await app.CallAsync("GET", "/subjects?subjectPrefix=b"));
        Assert.Equal("200 [1,2]", await app.CallAsync("GET", "/subjects/a/versions"));
        Assert.Equal(Answer("a", 2, 2, Number), await app.CallAsync("GET", "/subjects/a/versions/latest"));
        Assert.Equal(Answer("a", 1, 1, Whole), await app.CallAsync("GET", "/subjects/a/versions/1"));
        Assert.Equal(Answer("a", 1, 1, Whole), await app.CallAsync("POST", "/subjects/a", Body(Whole)));
        Assert.Equal($"200 {Whole}", await app.CallAsync("GET", "/subjects/a/versions/1/schema"));
        Assert.Equal($$"""200 {"schemaType":"JSON","schema":{{JsonSerializer.Serialize(Whole, Relaxed)}}}""", await app.CallAsync("GET", "/schemas/ids/1"));
        Assert.Equal($"200 {Whole}", await app.CallAsync("GET", "/schemas/ids/1/schema"));
        Assert.Equal("""200 ["a","b-value"]""", await app.CallAsync("GET", "/schemas/ids/1/subjects"));
        Assert.Equal("""200 [{"subject":"a","version":1},{"subject":"b-value","version":1}]""", await app.CallAsync("GET", "/schemas/ids/1/versions"));
        Assert.Equal("""200 ["JSON"]""", await app.CallAsync("GET", "/schemas/types"));
    }

    [Fact]
    public async Task Errors_have_the_codes_that_clients_know()
    {
        await using var app = await RegistryApp.StartAsync(postgres);
        await app.CallAsync("POST", "/subjects/a/versions", Body(Number));

        await FailsAsync(404, 40401, "GET", "/subjects/none/versions");
        await FailsAsync(404, 40401, "GET", "/subjects/none/versions/latest");
        await FailsAsync(404, 40401, "POST", "/subjects/none", Body(Number));
        await FailsAsync(404, 40401, "DELETE", "/subjects/none");
        await FailsAsync(404, 40402, "GET", "/subjects/a/versions/2");
        await FailsAsync(404, 40402, "DELETE", "/subjects/a/versions/2");
        await FailsAsync(404, 40403, "GET", "/schemas/ids/99");
        await FailsAsync(404, 40403, "POST", "/subjects/a", Body(Whole));
        await FailsAsync(404, 40408, "GET", "/config/a");
        await FailsAsync(422, 42201, "POST", "/subjects/a/versions", Body("""{"type":7}"""));
        await FailsAsync(422, 42201, "POST", "/subjects/a/versions", """{"schema":"{}"}""");
        await FailsAsync(422, 42201, "POST", "/subjects/a/versions", """{"schemaType":"AVRO","schema":"{}"}""");
        await FailsAsync(422, 42201, "POST", "/subjects/a/versions", """{"schemaType":"JSON","schema":"{}","references":[{"name":"x","subject":"b","version":1}]}""");
        await FailsAsync(422, 42202, "GET", "/subjects/a/versions/0");
        await FailsAsync(422, 42202, "GET", "/subjects/a/versions/newest");
        await FailsAsync(422, 42203, "PUT", "/config", """{"compatibility":"SOME"}""");
        await FailsAsync(422, 42204, "PUT", "/mode", """{"mode":"READONLY"}""");
        await FailsAsync(409, 409, "POST", "/subjects/a/versions", Body(Whole));
        await FailsAsync(422, 422, "POST", "/subjects/a/versions", "not json");
        Assert.Equal("1 active", await app.Run.StatesAsync("a"));

        async Task FailsAsync(int status, int code, string method, string path, string? body = null) =>
            Assert.Equal(code, (int)(await app.JsonAsync(status, method, path, body))["error_code"]!);
    }

    [Fact]
    public async Task Compatibility_is_told_with_the_reasons_when_asked()
    {
        await using var app = await RegistryApp.StartAsync(postgres);
        await app.CallAsync("POST", "/subjects/a/versions", Body(Number));

        Assert.Equal("""200 {"is_compatible":true}""", await app.CallAsync("POST", "/compatibility/subjects/a/versions/latest", Body(Number)));
        Assert.Equal("""200 {"is_compatible":false}""", await app.CallAsync("POST", "/compatibility/subjects/a/versions/1", Body(Whole)));
        var verbose = await app.JsonAsync(200, "POST", "/compatibility/subjects/a/versions/1?verbose=true", Body(Whole));
        Assert.Contains("/properties/total", (string?)verbose["messages"]![0], StringComparison.Ordinal);
        Assert.Equal("""200 {"is_compatible":true}""", await app.CallAsync("POST", "/compatibility/subjects/new/versions", Body(Whole)));
        Assert.Equal(40402, (int)(await app.JsonAsync(404, "POST", "/compatibility/subjects/a/versions/5", Body(Whole)))["error_code"]!);
    }

    [Fact]
    public async Task Level_of_a_subject_is_set_held_and_taken_back()
    {
        await using var app = await RegistryApp.StartAsync(postgres);
        await app.CallAsync("POST", "/subjects/a/versions", Body(Number));

        Assert.Equal("""200 {"compatibilityLevel":"BACKWARD"}""", await app.CallAsync("GET", "/config"));
        Assert.Equal("""200 {"compatibility":"NONE"}""", await app.CallAsync("PUT", "/config/a", """{"compatibility":"NONE"}"""));
        Assert.Equal("""200 {"compatibilityLevel":"NONE"}""", await app.CallAsync("GET", "/config/a"));
        Assert.Equal("""200 {"id":2}""", await app.CallAsync("POST", "/subjects/a/versions", Body(Whole)));
        Assert.Equal("""200 {"compatibilityLevel":"NONE"}""", await app.CallAsync("DELETE", "/config/a"));
        Assert.Equal("""200 {"compatibilityLevel":"BACKWARD"}""", await app.CallAsync("GET", "/config/a?defaultToGlobal=true"));
        Assert.Equal("""200 {"compatibility":"FULL"}""", await app.CallAsync("PUT", "/config", """{"compatibility":"FULL"}"""));
        Assert.Equal("""200 {"mode":"READWRITE"}""", await app.CallAsync("GET", "/mode"));
    }

    [Fact]
    public async Task Deleting_is_soft_first_and_for_good_then()
    {
        await using var app = await RegistryApp.StartAsync(postgres);
        await app.CallAsync("POST", "/subjects/a/versions", Body(Whole));
        await app.CallAsync("POST", "/subjects/a/versions", Body(Number));

        Assert.Equal(40407, (int)(await app.JsonAsync(404, "DELETE", "/subjects/a/versions/2?permanent=true"))["error_code"]!);
        Assert.Equal("200 2", await app.CallAsync("DELETE", "/subjects/a/versions/latest"));
        Assert.Equal("1 active, 2 deleted", await app.Run.StatesAsync("a"));
        Assert.Equal(40406, (int)(await app.JsonAsync(404, "DELETE", "/subjects/a/versions/2"))["error_code"]!);
        Assert.Equal("200 [1,2]", await app.CallAsync("GET", "/subjects/a/versions?deleted=true"));
        Assert.StartsWith("200 ", await app.CallAsync("GET", "/schemas/ids/2"), StringComparison.Ordinal);
        Assert.Equal("200 2", await app.CallAsync("DELETE", "/subjects/a/versions/2?permanent=true"));
        Assert.Equal(40405, (int)(await app.JsonAsync(404, "DELETE", "/subjects/a?permanent=true"))["error_code"]!);
        Assert.Equal("200 [1]", await app.CallAsync("DELETE", "/subjects/a"));
        Assert.Equal(40404, (int)(await app.JsonAsync(404, "DELETE", "/subjects/a"))["error_code"]!);
        Assert.Equal("200 [1]", await app.CallAsync("DELETE", "/subjects/a?permanent=true"));
        Assert.Equal("", await app.Run.StatesAsync("a"));
    }

    [Fact]
    public async Task Page_of_another_site_is_turned_away()
    {
        await using var app = await RegistryApp.StartAsync(postgres);

        Assert.StartsWith("403 ", await app.CallAsync("POST", "/subjects/a/versions", Body(Whole), "text/plain", "cross-site"), StringComparison.Ordinal);
        Assert.Equal("", await app.Run.StatesAsync("a"));
    }

    private static JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Body(string schema) => $$"""{"schemaType":"JSON","schema":{{JsonSerializer.Serialize(schema)}}}""";

    private static string Answer(string subject, int version, int id, string schema) =>
        $$"""200 {"subject":"{{subject}}","version":{{version}},"id":{{id}},"schemaType":"JSON","schema":{{JsonSerializer.Serialize(schema, Relaxed)}}}""";
}

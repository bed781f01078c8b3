using Millrace.Testing;

namespace Millrace.Registry.Tests.Http;

/// <summary>Our own interface.</summary>
public sealed class SchemasApiTests(PostgresFixture postgres)
{
    private const string Whole = """{"type":"object","properties":{"total":{"type":"integer"}}}""";
    private const string Number = """{"type":"object","properties":{"total":{"type":"number"}}}""";

    [Fact]
    public async Task Version_goes_from_draft_to_force_and_is_shown()
    {
        await using var app = await RegistryApp.StartAsync(postgres);

        Assert.Equal("draft", (string?)(await app.JsonAsync(201, "POST", "/api/schemas/a%2Fb/versions", Whole))["state"]);
        Assert.StartsWith("404 ", await app.CallAsync("GET", "/api/schemas/a%2Fb/versions/active"), StringComparison.Ordinal);
        Assert.Equal("active", (string?)(await app.JsonAsync(200, "POST", "/api/schemas/a%2Fb/versions/1/activate"))["state"]);
        var shown = await app.JsonAsync(200, "GET", "/api/schemas/a%2Fb/versions/active");
        Assert.Equal(("a/b", 1, "integer"), ((string?)shown["eventType"], (int)shown["version"]!, (string?)shown["schema"]!["properties"]!["total"]!["type"]));
        var list = await app.JsonAsync(200, "GET", "/api/schemas");
        Assert.Equal(1, (int)list["types"]![0]!["active"]!);
    }

    [Fact]
    public async Task Version_that_is_not_in_force_is_deleted_and_then_removed()
    {
        await using var app = await RegistryApp.StartAsync(postgres);
        await app.JsonAsync(201, "POST", "/api/schemas/a%2Fb/versions?activate=true", Whole);
        await app.JsonAsync(201, "POST", "/api/schemas/a%2Fb/versions", Number);

        Assert.Equal("inForce", (string?)(await app.JsonAsync(409, "DELETE", "/api/schemas/a%2Fb/versions/1"))["outcome"]);
        Assert.Equal("notDeleted", (string?)(await app.JsonAsync(409, "DELETE", "/api/schemas/a%2Fb/versions/2?permanent=true"))["outcome"]);
        Assert.Equal("deleted", (string?)(await app.JsonAsync(200, "DELETE", "/api/schemas/a%2Fb/versions/2"))["state"]);
        var removed = await app.JsonAsync(200, "DELETE", "/api/schemas/a%2Fb/versions/2?permanent=true");
        Assert.Equal(("done", null), ((string?)removed["outcome"], removed["version"]));
        Assert.StartsWith("404 ", await app.CallAsync("GET", "/api/schemas/a%2Fb/versions/2"), StringComparison.Ordinal);
        Assert.Equal("1 active", await app.Run.StatesAsync("a/b"));
    }

    [Fact]
    public async Task Schema_that_forbids_the_envelope_is_registered_with_a_warning()
    {
        await using var app = await RegistryApp.StartAsync(postgres);

        var added = await app.JsonAsync(201, "POST", "/api/schemas/a/versions", """{"properties":{"total":{}},"additionalProperties":false}""");

        Assert.Contains("does not allow eventType, eventId", (string?)added["warnings"]![0], StringComparison.Ordinal);
        Assert.Empty((await app.JsonAsync(201, "POST", "/api/schemas/a/versions", Whole))["warnings"]!.AsArray());
    }

    [Fact]
    public async Task What_cannot_be_done_says_why_as_problem_details()
    {
        await using var app = await RegistryApp.StartAsync(postgres);
        await app.JsonAsync(201, "POST", "/api/schemas/a/versions?activate=true", Number);

        Assert.Equal("incompatible", (string?)(await app.JsonAsync(409, "POST", "/api/schemas/a/versions?activate=true", Whole))["outcome"]);
        Assert.Equal("invalidSchema", (string?)(await app.JsonAsync(422, "POST", "/api/schemas/a/versions", """{"type":7}"""))["outcome"]);
        Assert.Equal("notFound", (string?)(await app.JsonAsync(404, "POST", "/api/schemas/a/versions/9/activate"))["outcome"]);
        Assert.Equal("inForce", (string?)(await app.JsonAsync(409, "POST", "/api/schemas/a/versions/1/deprecate"))["outcome"]);
        Assert.Equal("versionTaken", (string?)(await app.JsonAsync(409, "POST", "/api/schemas/a/versions?version=1", Whole))["outcome"]);
        Assert.StartsWith("413 ", await app.CallAsync("POST", "/api/schemas/a/versions", new string(' ', (1024 * 1024) + 1)), StringComparison.Ordinal);
        Assert.StartsWith("400 ", await app.CallAsync("GET", "/api/schemas/a/versions/newest"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schemas_judge_events_each_other_and_what_is_stored()
    {
        await using var app = await RegistryApp.StartAsync(postgres);
        await app.JsonAsync(201, "POST", "/api/schemas/a/versions?activate=true", Number);
        await app.JsonAsync(201, "POST", "/api/schemas/a/versions", Whole);
        await app.Run.StoreAsync("a", """{"total":1}""", """{"total":1.5}""");

        Assert.True((bool)(await app.JsonAsync(200, "POST", "/api/schemas/a/validate", """{"total":1.5}"""))["valid"]!);
        var invalid = await app.JsonAsync(200, "POST", "/api/schemas/a/validate?version=2", """{"total":1.5}""");
        Assert.Equal("/total", (string?)invalid["errors"]![0]!["instanceLocation"]);
        Assert.False((bool)(await app.JsonAsync(200, "GET", "/api/schemas/a/diff?from=1&to=2"))["compatible"]!);
        Assert.True((bool)(await app.JsonAsync(200, "GET", "/api/schemas/a/diff?from=1&to=2&level=FORWARD"))["compatible"]!);
        var check = await app.JsonAsync(200, "POST", "/api/schemas/a/check?against=1d", Whole);
        Assert.Equal((false, 2, 1), ((bool)check["accepted"]!, (int)check["evidence"]!["events"]!, (int)check["evidence"]!["rejected"]!));
        Assert.Equal("number", (string?)(await app.JsonAsync(200, "GET", "/api/schemas/a/infer?last=10"))["schema"]!["properties"]!["total"]!["type"]);
    }

    [Fact]
    public async Task Settings_are_set_shown_and_refused_when_wrong()
    {
        await using var app = await RegistryApp.StartAsync(postgres);

        var type = await app.JsonAsync(200, "PUT", "/api/schemas/a/settings", """{"mode":"warn","level":"FULL","strict":true}""");
        Assert.Equal(("warn", "FULL", true), ((string?)type["type"]!["mode"], (string?)type["type"]!["level"], (bool)type["type"]!["strict"]!));
        var taken = await app.JsonAsync(200, "PUT", "/api/schemas/a/settings", """{"mode":"default","level":"default"}""");
        Assert.Equal(("enforce", "BACKWARD", false), ((string?)taken["type"]!["mode"], (string?)taken["type"]!["level"], (bool)taken["type"]!["strict"]!));
        Assert.Equal("reject", (string?)(await app.JsonAsync(200, "PUT", "/api/schemas/settings", """{"unknownTypes":"reject"}"""))["unknownTypes"]);
        foreach (var wrong in (string[])["""{"mode":"warm"}""", """{"modus":"warn"}""", """{"unknownTypes":"warn"}""", "null", "{"])
            Assert.StartsWith("400 ", await app.CallAsync("PUT", "/api/schemas/a/settings", wrong), StringComparison.Ordinal);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.Pipeline.Ingest;
using Millrace.Pipeline.Tests.Ingest;
using Millrace.Schemas.Catalog;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests.Check;

/// <summary>Events that are held against schemas, on the way from the topic and over HTTP.</summary>
public sealed class SchemaPipelineTests(EmbeddedBrokerFixture broker, PostgresFixture postgres) : IAsyncLifetime
{
    private readonly SwitchedSchemas _schemas = new();
    private PipelineRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await PipelineRun.CreateAsync(broker, postgres);

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task What_does_not_fit_becomes_a_dead_letter_and_what_fits_says_with_which_version()
    {
        _schemas.Current = SwitchedSchemas.Orders(SchemaMode.Enforce);
        await using var pipeline = await StartAsync();

        await _run.Topic.SendAsync(0,
        [
            """{"eventType":"order","total":1}""",
            """{"eventType":"order","total":0}""",
            """{"eventType":"order","schemaVersion":1,"total":0}""",
            """{"eventType":"order","schemaVersion":3,"total":1}""",
            """{"eventType":"other","schemaVersion":9,"total":"?"}""",
        ]);

        await _run.EventuallyCountAsync(3, "events");
        await _run.EventuallyCountAsync(2, "dead_letters");
        Assert.Equal("2,1,9", await TextAsync("SELECT string_agg(schema_version::text, ',' ORDER BY kafka_offset) FROM pipeline.events"));
        Assert.Equal("schema_violation,schema_version_unknown", await TextAsync("SELECT string_agg(reason, ',' ORDER BY kafka_offset) FROM pipeline.dead_letters"));
        var detail = await TextAsync("SELECT detail FROM pipeline.dead_letters WHERE kafka_offset = 1");
        Assert.StartsWith("order version 2: /total: ", detail);
        Assert.Equal("order has no schema of version 3; version 2 is active.", await TextAsync("SELECT detail FROM pipeline.dead_letters WHERE kafka_offset = 3"));
        Assert.Equal(0, pipeline.GetStatus().SchemaWarnings);
    }

    [Fact]
    public async Task Other_schemas_are_in_force_from_the_next_event_on()
    {
        await using var pipeline = await StartAsync();
        await _run.Topic.SendAsync(0, ["""{"eventType":"order","total":0}"""]);
        await _run.EventuallyCountAsync(1, "events");

        _schemas.Current = SwitchedSchemas.Orders(SchemaMode.Enforce);
        await _run.Topic.SendAsync(0, ["""{"eventType":"order","total":0}"""]);
        await _run.EventuallyCountAsync(1, "dead_letters");

        _schemas.Current = SwitchedSchemas.Orders(SchemaMode.Off);
        await _run.Topic.SendAsync(0, ["""{"eventType":"order","total":0}"""]);
        await _run.EventuallyCountAsync(2, "events");
    }

    [Fact]
    public async Task Warned_events_are_stored_counted_and_shown()
    {
        _schemas.Current = SwitchedSchemas.Orders(SchemaMode.Warn, UnknownTypes.Warn);
        await using var pipeline = await StartAsync();

        await _run.Topic.SendAsync(0,
        [
            """{"eventType":"order","total":1}""",
            """{"eventType":"order","total":0}""",
            """{"eventType":"order","schemaVersion":3,"total":1}""",
            """{"eventType":"other"}""",
        ]);

        await _run.EventuallyCountAsync(4, "events");
        await Eventually.TrueAsync(() => pipeline.GetStatus().SchemaWarnings == 3, "three of them are counted");
        Assert.Equal("2,2,3,-", await TextAsync("SELECT string_agg(coalesce(schema_version::text, '-'), ',' ORDER BY kafka_offset) FROM pipeline.events"));
        Assert.True(_run.Log.Has(LogLevel.Warning, "order version 2: /total: "));
    }

    [Fact]
    public async Task Types_without_a_schema_can_be_refused()
    {
        _schemas.Current = SwitchedSchemas.Orders(SchemaMode.Enforce, UnknownTypes.Reject);
        await using var pipeline = await StartAsync();

        await _run.Topic.SendAsync(0, ["""{"eventType":"other"}""", """{"eventType":"order","total":1}"""]);

        await _run.EventuallyCountAsync(1, "events");
        Assert.Equal("event_type_unknown", await TextAsync("SELECT reason FROM pipeline.dead_letters"));
    }

    [Fact]
    public async Task Over_http_what_does_not_fit_is_answered_with_422_and_the_report()
    {
        _schemas.Current = SwitchedSchemas.Orders(SchemaMode.Enforce);
        await using var host = await IngestHost.StartAsync(_run.Topic.BootstrapServers, _run.Topic.Name, options => options.Schemas = _schemas);

        var answer = await host.PostAsync("""{"eventType":"order","total":"much"}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var refused = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("errors")[0];
        Assert.Equal((422, "schema_violation"), (refused.GetProperty("status").GetInt32(), refused.GetProperty("reason").GetString()));
        var error = Assert.Single(refused.GetProperty("errors").EnumerateArray());
        Assert.Equal(("/total", "/properties/total/type"), (error.GetProperty("instanceLocation").GetString(), error.GetProperty("keywordLocation").GetString()));
    }

    [Fact]
    public async Task Over_http_events_that_fit_are_accepted_among_others_that_do_not()
    {
        _schemas.Current = SwitchedSchemas.Orders(SchemaMode.Enforce, UnknownTypes.Reject);
        await using var host = await IngestHost.StartAsync(_run.Topic.BootstrapServers, _run.Topic.Name, options => options.Schemas = _schemas);

        var answer = await host.PostAsync("""[{"eventType":"order","total":1},{"eventType":"other"},{"eventType":"order"},{"eventType":"order","schemaVersion":7}]""");

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        var results = (await answer.Content.ReadFromJsonAsync<IngestResults>(TestContext.Current.CancellationToken))!.Results;
        Assert.Equal([202, 422, 422, 422], results.Select(result => result.Status));
        Assert.Equal([null, "event_type_unknown", "schema_violation", "schema_version_unknown"], results.Select(result => result.Reason));
        Assert.Single(IngestHost.ReadTopic(_run.Topic, 1));
    }

    private Task<EventPipeline> StartAsync() => _run.StartAsync(options => options.Schemas = _schemas);

    private Task<string> TextAsync(string sql) => _run.Database.ScalarAsync<string>(sql);
}

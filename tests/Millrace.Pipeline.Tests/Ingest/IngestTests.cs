using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Millrace.Pipeline.Ingest;

namespace Millrace.Pipeline.Tests.Ingest;

public sealed class IngestTests(KafkaFixture kafka) : IAsyncLifetime
{
    private TestTopic _topic = null!;
    private IngestHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _topic = await kafka.CreateTopicAsync();
        _host = await IngestHost.StartAsync(_topic.BootstrapServers, _topic.Name, options =>
        {
            options.MaxBodyBytes = 2 * 1024 * 1024;
            options.MaxEventsPerRequest = 100;
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_topic is not null)
            await _topic.DisposeAsync();
    }

    [Fact]
    public async Task One_event_gets_an_id_and_is_keyed_by_its_user()
    {
        var answer = await _host.PostAsync("""{"eventType":"t","userId":42,"data":{"a":[1, 2]}}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = Assert.Single(await IdsAsync(answer));
        Assert.Equal(7, id.Version);
        var record = Assert.Single(IngestHost.ReadTopic(_topic, 1));
        Assert.Equal(("42", $$$"""{"eventId":"{{{id}}}","eventType":"t","userId":42,"data":{"a":[1, 2]}}"""), (record.Key, record.Value));

        // Where the Java client and kcat with murmur2 put this key.
        Assert.Equal(Murmur2Partition("42", 3), record.Partition);
    }

    [Theory]
    [InlineData("application/json", "[{0},\n {1} ,{2}]")]
    [InlineData("application/json; charset=utf-8", " [ {0},{1},{2} ] ")]
    [InlineData("application/x-ndjson", "{0}\n{1}\n{2}")]
    [InlineData("application/x-ndjson", "\n{0}\r\n\r\n  {1}\r\n{2}\n\n")]
    public async Task Several_events_get_their_ids_in_order(string contentType, string format)
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToList();
        var events = ids.Select((id, i) => $$"""{"eventType":"t{{i}}","userId":"u","eventId":"{{id}}"}""").ToArray<object>();

        var answer = await _host.PostAsync(string.Format(format, events), contentType);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(ids, await IdsAsync(answer));
        Assert.Equal(events, IngestHost.ReadTopic(_topic, 3).Select(record => (object)record.Value));
    }

    [Theory]
    [InlineData("application/json", """[{"eventType":"a","userId":1},{"eventType":"b","userId":1}]""")]
    [InlineData("application/x-ndjson", "{\"eventType\":\"a\",\"userId\":1}\n{\"eventType\":\"b\",\"userId\":1}\n")]
    public async Task Gzip_is_unfolded(string contentType, string body)
    {
        var answer = await _host.PostAsync(Gzip(body), contentType, ("Content-Encoding", "gzip"));

        Assert.Equal(2, (await IdsAsync(answer)).Length);
        Assert.Equal(2, IngestHost.ReadTopic(_topic, 2).Count);
    }

    [Fact]
    public async Task Request_without_a_content_type_is_taken_for_json()
    {
        Assert.Single(await IdsAsync(await _host.PostAsync("""{"eventType":"t"}"""u8.ToArray(), null)));
    }

    [Fact]
    public async Task Empty_array_is_accepted_with_no_ids()
    {
        Assert.Empty(await IdsAsync(await _host.PostAsync("[]")));
    }

    [Theory]
    [InlineData("{\"eventType\":\"t\"}", "X-Correlation-Id", "c-1", "c-1")]
    [InlineData("{\"eventType\":\"t\"}", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c")]
    [InlineData("{\"eventType\":\"t\"}", "traceparent", "00-00000000000000000000000000000000-b7ad6b7169203331-01", null)]
    [InlineData("{\"eventType\":\"t\"}", "X-Correlation-Id", "has \"quotes\"", null)]
    [InlineData("{\"eventType\":\"t\",\"correlationId\":\"own\"}", "X-Correlation-Id", "c-1", "own")]
    [InlineData("{\"eventType\":\"t\",\"correlationId\":null}", "X-Correlation-Id", "c-1", "c-1")]
    [InlineData("{\"correlationId\":null,\"eventId\":null,\"eventType\":\"t\"}", "X-Correlation-Id", "c-1", "c-1")]
    [InlineData("{\"eventId\":null,\"eventType\":\"t\",\"correlationId\" : null}", "X-Correlation-Id", "c-1", "c-1")]
    public async Task Correlation_id_of_the_request_goes_into_events_that_have_none(string body, string header, string value, string? expected)
    {
        var id = Assert.Single(await IdsAsync(await _host.PostAsync(body, headers: (header, value))));

        using var stored = JsonDocument.Parse(Assert.Single(IngestHost.ReadTopic(_topic, 1)).Value);
        Assert.Equal(expected, stored.RootElement.TryGetProperty("correlationId", out var correlationId) ? correlationId.GetString() : null);
        Assert.Equal(id, stored.RootElement.GetProperty("eventId").GetGuid());
        Assert.Equal("t", stored.RootElement.GetProperty("eventType").GetString());
        Assert.Equal(stored.RootElement.EnumerateObject().Count(), stored.RootElement.EnumerateObject().Select(field => field.Name).Distinct().Count());
    }

    [Fact]
    public async Task Good_events_among_bad_ones_are_accepted_and_each_is_answered_for()
    {
        var answer = await _host.PostAsync("{\"eventType\":\"a\"}\nno json\n{\"userId\":1}\n{\"eventType\":\"b\"}", "application/x-ndjson");

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        var results = (await answer.Content.ReadFromJsonAsync<IngestResults>(TestContext.Current.CancellationToken))!;
        Assert.Equal((2, 2), (results.Accepted, results.Failed));
        Assert.Equal([202, 400, 400, 202], results.Results.Select(result => result.Status));
        Assert.Equal([null, "not_json", "event_type_missing", null], results.Results.Select(result => result.Reason));
        Assert.Equal([0, 1, 2, 3], results.Results.Select(result => result.Index));
        Assert.Equal([true, false, false, true], results.Results.Select(result => result.Id is not null));
        Assert.Equal(2, IngestHost.ReadTopic(_topic, 2).Count);
    }

    [Fact]
    public async Task Request_with_only_bad_events_is_refused_with_every_reason()
    {
        var problem = await ProblemAsync(await _host.PostAsync("""[17,{"eventType":""}]"""), HttpStatusCode.BadRequest);

        Assert.Equal(["not_an_object", "event_type_invalid"], problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("[{\"eventType\":\"t\"}")]
    [InlineData("[{\"eventType\":\"t\"}]]")]
    [InlineData("[{\"eventType\":\"t\"} {\"eventType\":\"t\"}]")]
    public async Task Body_that_cannot_be_read_is_refused(string body)
    {
        await ProblemAsync(await _host.PostAsync(body), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=iso-8859-1")]
    public async Task Other_content_types_are_refused(string contentType)
    {
        var problem = await ProblemAsync(await _host.PostAsync("""{"eventType":"t"}""", contentType), HttpStatusCode.UnsupportedMediaType);

        Assert.Contains("application/x-ndjson", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Other_encodings_are_refused_with_the_one_that_is_accepted()
    {
        var answer = await _host.PostAsync([1, 2, 3], "application/json", ("Content-Encoding", "br"));

        await ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("gzip", Assert.Single(answer.Headers.GetValues("Accept-Encoding")));
    }

    [Fact]
    public async Task Gzip_that_is_broken_or_cut_off_is_refused_whole()
    {
        var whole = Gzip(string.Concat(Enumerable.Range(0, 50).Select(i => $$"""{"eventType":"t","n":{{i}}}""" + "\n")));
        var broken = whole.ToArray();
        broken[whole.Length / 2] ^= 0xFF;

        await ProblemAsync(await _host.PostAsync(broken, "application/x-ndjson", ("Content-Encoding", "gzip")), HttpStatusCode.BadRequest);
        foreach (var length in new[] { whole.Length - 1, whole.Length - 8, whole.Length / 2, 15, 5 })
            await ProblemAsync(await _host.PostAsync(whole[..length], "application/x-ndjson", ("Content-Encoding", "gzip")), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Body_above_the_limit_is_refused_however_it_comes()
    {
        var large = $$"""{"eventType":"t","x":"{{new string('x', 2 * 1024 * 1024)}}"}""";

        await ProblemAsync(await _host.PostAsync(large), HttpStatusCode.RequestEntityTooLarge);
        await ProblemAsync(await _host.PostAsync(Gzip(large), "application/json", ("Content-Encoding", "gzip")), HttpStatusCode.RequestEntityTooLarge);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = JsonContent.Create(JsonDocument.Parse(large).RootElement) };
        chunked.Headers.TransferEncodingChunked = true;
        await ProblemAsync(await _host.Client.SendAsync(chunked, TestContext.Current.CancellationToken), HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task More_events_than_allowed_are_refused()
    {
        var events = Enumerable.Repeat("""{"eventType":"t"}""", 101).ToList();

        await ProblemAsync(await _host.PostAsync($"[{string.Join(',', events)}]"), HttpStatusCode.RequestEntityTooLarge);
        await ProblemAsync(await _host.PostAsync(string.Join('\n', events), "application/x-ndjson"), HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(100, (await IdsAsync(await _host.PostAsync($"[{string.Join(',', events.Skip(1))}]"))).Length);
    }

    [Fact]
    public async Task Event_of_one_mebibyte_is_taken_and_a_larger_one_refused_counting_what_is_added()
    {
        const string start = """{"eventType":"t","eventId":"0198a1c2-7d3e-7abc-8def-0123456789ab","x":" """;
        var largest = start + new string('x', (1024 * 1024) - start.Length - 2) + "\"}";
        var withoutId = largest.Replace("\"eventId\":\"0198a1c2-7d3e-7abc-8def-0123456789ab\",", "");
        withoutId = withoutId[..^2] + new string('x', 40) + "\"}";

        Assert.Single(await IdsAsync(await _host.PostAsync(largest)));
        Assert.Equal(largest, Assert.Single(IngestHost.ReadTopic(_topic, 1)).Value);
        Assert.True(withoutId.Length < 1024 * 1024);
        await ProblemAsync(await _host.PostAsync(withoutId), HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task OpenApi_document_describes_the_endpoint()
    {
        using var document = JsonDocument.Parse(await _host.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var post = document.RootElement.GetProperty("paths").GetProperty("/events").GetProperty("post");
        Assert.Equal("PostEvents", post.GetProperty("operationId").GetString());
        Assert.Equal(["application/json", "application/x-ndjson"], post.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(type => type.Name));
        Assert.Equal(["202", "207", "400", "413", "415", "422", "429", "503"], post.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order());
    }

    internal static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }

    private static async Task<Guid[]> IdsAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return [.. (await answer.Content.ReadFromJsonAsync<IngestAccepted>(TestContext.Current.CancellationToken))!.Ids];
    }

    private static byte[] Gzip(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return zipped.ToArray();
    }

    /// <summary>Kafka's default partitioner for keys: murmur2 with a fixed seed, the sign bit cut off.</summary>
    private static int Murmur2Partition(string key, int partitions)
    {
        const uint m = 0x5bd1e995;
        var data = Encoding.UTF8.GetBytes(key);
        var h = 0x9747b28cu ^ (uint)data.Length;
        var i = 0;
        for (; i + 4 <= data.Length; i += 4)
        {
            var k = BitConverter.ToUInt32(data, i) * m;
            k ^= k >> 24;
            h = (h * m) ^ (k * m);
        }

        for (var left = data.Length - i; left > 0; left--)
            h ^= (uint)data[i + left - 1] << (8 * (left - 1));
        if (i < data.Length)
            h *= m;
        h ^= h >> 13;
        h *= m;
        h ^= h >> 15;
        return (int)(h & 0x7fffffff) % partitions;
    }
}

using System.Net.Http.Headers;
using System.Text;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline.Ingest;

namespace Millrace.Pipeline.Tests.Ingest;

/// <summary>Ingest on a port of its own, before a topic of a real Kafka.</summary>
internal sealed class IngestHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private IngestHost(WebApplication app, IngestService service, HttpClient client) => (_app, Service, Client) = (app, service, client);

    public IngestService Service { get; }

    public HttpClient Client { get; }

    public static async Task<IngestHost> StartAsync(string bootstrapServers, string topic, Action<IngestOptions>? configure = null)
    {
        var options = new IngestOptions { BootstrapServers = bootstrapServers, Topic = topic };
        configure?.Invoke(options);
        var service = IngestService.Start(options, TimeProvider.System, NullLoggerFactory.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOpenApi();
        var app = builder.Build();
        app.MapOpenApi();
        app.MapIngest(service);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new IngestHost(app, service, new HttpClient { BaseAddress = new Uri(app.Urls.First()) });
    }

    public Task<HttpResponseMessage> PostAsync(string body, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        PostAsync(Encoding.UTF8.GetBytes(body), contentType, headers);

    public async Task<HttpResponseMessage> PostAsync(byte[] body, string? contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        foreach (var (name, value) in headers)
        {
            if (name == "Content-Encoding")
                request.Content.Headers.ContentEncoding.Add(value);
            else
                request.Headers.Add(name, value);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The records of the topic, those of each partition in order, once there are <paramref name="count"/> of them.</summary>
    public static List<(int Partition, string? Key, string Value)> ReadTopic(TestTopic topic, int count)
    {
        using var consumer = new ConsumerBuilder<string?, string>(new ConsumerConfig { BootstrapServers = topic.BootstrapServers, GroupId = "reader" }).Build();
        consumer.Assign(Enumerable.Range(0, 3).Select(partition => new TopicPartitionOffset(topic.Name, partition, Offset.Beginning)));
        var records = new List<(int, string?, string)>();
        while (records.Count < count)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException($"Only {records.Count} of {count} records are in the topic.");
            records.Add((result.Partition.Value, result.Message.Key, result.Message.Value));
        }

        return records;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Service.DisposeAsync();
    }
}

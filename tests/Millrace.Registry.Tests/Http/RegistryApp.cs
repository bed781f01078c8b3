using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Registry.Http;
using Millrace.Testing;

namespace Millrace.Registry.Tests.Http;

/// <summary>The registry over HTTP on a free port of loopback.</summary>
internal sealed class RegistryApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private RegistryApp(RegistryRun run, WebApplication app, string address)
    {
        Run = run;
        _app = app;
        Address = address;
        _client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public RegistryRun Run { get; }

    public string Address { get; }

    public static async Task<RegistryApp> StartAsync(PostgresFixture postgres)
    {
        var run = await RegistryRun.CreateAsync(postgres);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddProblemDetails();
        var app = builder.Build();
        app.MapRegistry(run.Registry);
        await app.StartAsync(RegistryRun.Cancelled);
        return new RegistryApp(run, app, app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>The answer as <c>STATUS body</c>.</summary>
    public async Task<string> CallAsync(string method, string path, string? body = null, string type = "application/json", string? site = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using var response = await _client.SendAsync(request, RegistryRun.Cancelled);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(RegistryRun.Cancelled)}";
    }

    /// <summary>The answer's body, when the status is as expected.</summary>
    public async Task<JsonNode> JsonAsync(int status, string method, string path, string? body = null)
    {
        var answer = await CallAsync(method, path, body);
        Assert.True(answer.StartsWith($"{status} ", StringComparison.Ordinal), $"{method} {path}: {answer}");
        return JsonNode.Parse(answer[4..])!;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await Run.DisposeAsync();
    }
}

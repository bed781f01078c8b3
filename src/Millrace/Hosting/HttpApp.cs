using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.Operations.Traces;
using Millrace.Pipeline;
using Millrace.Pipeline.Ingest;
using Millrace.Registry;
using Millrace.Registry.Http;

namespace Millrace.Hosting;

/// <summary>The HTTP application on loopback: ingest, traces, health, the OpenAPI document, the status that <c>millrace status</c> shows.</summary>
internal sealed class HttpApp(WebApplication app) : IAsyncDisposable
{
    /// <summary>Requests in flight get this long to end when the app stops; an ingest request waits for the broker's fsync at most.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    /// <exception cref="StartException">The port is in use.</exception>
    public static async Task<HttpApp> StartAsync(
        int port, EventPipeline pipeline, IngestService ingest, EventTracer tracer, SchemaRegistry registry, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // Empty: no appsettings.json, no ASPNETCORE_ variables and no arguments may change what our own options say.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "millrace" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(port);
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenApi(o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Millrace";
            document.Info.Version = Product.Version;
            return Task.CompletedTask;
        }));
        builder.Services.AddProblemDetails();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopLimit);
        builder.Services.AddSingleton<IHostLifetime, NoHostLifetime>();

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapIngest(ingest);
        app.MapTrace(tracer);
        app.MapRegistry(registry);
        app.MapHealth(new HealthService(pipeline, ingest, new HealthOptions(), TimeProvider.System));
        app.MapGet("/status", () => TypedResults.Ok(pipeline.GetStatus()))
            .WithName("GetStatus")
            .WithTags("Status")
            .WithSummary("What the pipeline has done since it started, and how far behind it is.");
        try
        {
            await app.StartAsync(cancellationToken);
            return new HttpApp(app);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new StartException($"Port {port} for HTTP cannot be used ({e.Message}): choose another with --port, or let millrace choose with --ports auto.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>The process's life is the command's; the web host must not listen to signals too.</summary>
    private sealed class NoHostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

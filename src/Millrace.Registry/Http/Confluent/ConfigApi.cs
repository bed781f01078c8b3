using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Millrace.Registry.Http.Confluent;

/// <summary><c>/config</c>, the levels, and <c>/mode</c>, which is always READWRITE. Strictness is no word of this interface and stays as it is.</summary>
internal sealed class ConfigApi(SchemaRegistry registry)
{
    private const string ReadWrite = "READWRITE";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/config", DefaultAsync);
        endpoints.MapPut("/config", (Delegate)SetDefaultAsync);
        endpoints.MapGet("/config/{subject}", OfSubjectAsync);
        endpoints.MapPut("/config/{subject}", SetOfSubjectAsync);
        endpoints.MapDelete("/config/{subject}", DeleteOfSubjectAsync);
        foreach (var path in (string[])["/mode", "/mode/{subject}"])
        {
            endpoints.MapGet(path, () => ConfluentAnswer.Json(new ModeBody(ReadWrite), ConfluentJson.Plain.ModeBody));
            endpoints.MapPut(path, (Delegate)SetModeAsync);
        }
    }

    private Task<IResult> DefaultAsync(CancellationToken cancellationToken) => ConfluentAnswer.RunAsync(async () =>
        Level((await registry.Settings.DefaultsAsync(cancellationToken)).Level.Code()));

    private Task<IResult> SetDefaultAsync(HttpContext context) => ConfluentAnswer.RunAsync(async () =>
    {
        var request = await ConfluentRequest.ReadAsync(context, ConfluentJson.Plain.LevelRequest);
        if (request?.Level is not { } name || Codes.ParseLevel(name) is not { } level)
            return ConfluentAnswer.InvalidLevel();
        var defaults = await registry.Settings.DefaultsAsync(context.RequestAborted);
        await registry.Settings.SetDefaultLevelAsync(level, defaults.Strict, ApiCalls.Actor(context), context.RequestAborted);
        return ConfluentAnswer.Json(request, ConfluentJson.Plain.LevelRequest);
    });

    private Task<IResult> OfSubjectAsync(string subject, bool? defaultToGlobal, CancellationToken cancellationToken) => ConfluentAnswer.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(subject);
        if ((await registry.Settings.OfTypeAsync(eventType, cancellationToken)).Level is { } own)
            return Level(own.Code());
        return defaultToGlobal == true
            ? Level((await registry.Settings.DefaultsAsync(cancellationToken)).Level.Code())
            : ConfluentAnswer.LevelNotConfigured(eventType);
    });

    private Task<IResult> SetOfSubjectAsync(HttpContext context, string subject) => ConfluentAnswer.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(subject);
        var request = await ConfluentRequest.ReadAsync(context, ConfluentJson.Plain.LevelRequest);
        if (request?.Level is not { } name || Codes.ParseLevel(name) is not { } level)
            return ConfluentAnswer.InvalidLevel();
        var own = await registry.Settings.OfTypeAsync(eventType, context.RequestAborted);
        return await registry.Settings.SetLevelAsync(eventType, level, own.Strict, ApiCalls.Actor(context), context.RequestAborted)
            ? ConfluentAnswer.Json(request, ConfluentJson.Plain.LevelRequest)
            : ConfluentAnswer.InvalidSubject(eventType);
    });

    private Task<IResult> DeleteOfSubjectAsync(HttpContext context, string subject) => ConfluentAnswer.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(subject);
        var own = await registry.Settings.OfTypeAsync(eventType, context.RequestAborted);
        if (own.Level is not { } before)
            return ConfluentAnswer.LevelNotConfigured(eventType);
        await registry.Settings.SetLevelAsync(eventType, null, own.Strict, ApiCalls.Actor(context), context.RequestAborted);
        return Level(before.Code());
    });

    private static Task<IResult> SetModeAsync(HttpContext context) => ConfluentAnswer.RunAsync(async () =>
    {
        var request = await ConfluentRequest.ReadAsync(context, ConfluentJson.Plain.ModeBody);
        return request?.Mode == ReadWrite ? ConfluentAnswer.Json(request, ConfluentJson.Plain.ModeBody) : ConfluentAnswer.InvalidMode();
    });

    private static IResult Level(string name) => ConfluentAnswer.Json(new LevelBody(name), ConfluentJson.Plain.LevelBody);
}

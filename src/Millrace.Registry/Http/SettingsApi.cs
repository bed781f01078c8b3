using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Registry.Reports;

namespace Millrace.Registry.Http;

/// <summary>Modes and levels, of one type and of all.</summary>
internal sealed class SettingsApi(SchemaRegistry registry)
{
    private const int MaxBodyBytes = 4 * 1024;

    public void Map(IEndpointRouteBuilder schemas)
    {
        schemas.MapGet("/settings", (CancellationToken cancellationToken) => ShowAsync(null, cancellationToken))
            .WithName("GetDefaultSchemaSettings").WithSummary("What holds for types without settings.").Produces<SettingsReport>().MayFail();
        schemas.MapPut("/settings", (Delegate)((HttpContext context) => SetAsync(context, null)))
            .WithName("SetDefaultSchemaSettings").WithSummary("Sets what holds for types without settings: {\"mode\",\"level\",\"strict\",\"unknownTypes\"}, each optional.")
            .Accepts<SettingsRequest>("application/json").Produces<SettingsReport>().MayFail(StatusCodes.Status400BadRequest);
        schemas.MapGet("/{type}/settings", (string type, CancellationToken cancellationToken) => ShowAsync(ApiCalls.EventType(type), cancellationToken))
            .WithName("GetSchemaSettings").WithSummary("What holds for a type.").Produces<SettingsReport>().MayFail();
        schemas.MapPut("/{type}/settings", (HttpContext context, string type) => SetAsync(context, ApiCalls.EventType(type)))
            .WithName("SetSchemaSettings").WithSummary("Sets what holds for a type: {\"mode\",\"level\",\"strict\"}, each optional; 'default' takes its own setting back.")
            .Accepts<SettingsRequest>("application/json").Produces<SettingsReport>().MayFail(StatusCodes.Status400BadRequest);
    }

    private Task<IResult> ShowAsync(string? eventType, CancellationToken cancellationToken) => ApiCalls.RunAsync(async () => TypedResults.Json(
        await SettingsReport.ReadAsync(registry.Settings, eventType, cancellationToken), ReportJson.Readable.SettingsReport));

    private Task<IResult> SetAsync(HttpContext context, string? eventType) => ApiCalls.RunAsync(async () =>
    {
        if (await ApiCalls.BodyAsync(context, MaxBodyBytes) is not { } body)
            return ApiCalls.TooLarge(MaxBodyBytes);
        SettingsRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(body, RegistryJson.Default.SettingsRequest);
        }
        catch (JsonException e)
        {
            return Wrong(e.Message);
        }

        if (request is null)
            return Wrong("The body is null.");
        if (request.Error(eventType is null) is { } error)
            return Wrong(error);
        if (!await ApplyAsync(request, eventType, ApiCalls.Actor(context), context.RequestAborted))
            return Wrong("An event type has 1 to 200 characters.");
        return await ShowAsync(eventType, context.RequestAborted);
    });

    private async Task<bool> ApplyAsync(SettingsRequest request, string? eventType, string actor, CancellationToken cancellationToken)
    {
        if (eventType is null)
        {
            var defaults = await registry.Settings.DefaultsAsync(cancellationToken);
            if (request.Mode is { } mode)
                await registry.Settings.SetDefaultModeAsync(Codes.ParseMode(mode)!.Value, actor, cancellationToken);
            if (request.Level is not null || request.Strict is not null)
            {
                await registry.Settings.SetDefaultLevelAsync(
                    request.Level is { } level ? Codes.ParseLevel(level)!.Value : defaults.Level, request.Strict ?? defaults.Strict, actor, cancellationToken);
            }

            if (request.UnknownTypes is { } unknown)
                await registry.Settings.SetUnknownTypesAsync(Codes.ParseUnknown(unknown)!.Value, actor, cancellationToken);
            return true;
        }

        var own = await registry.Settings.OfTypeAsync(eventType, cancellationToken);
        var known = true;
        if (request.Mode is { } ownMode)
            known = await registry.Settings.SetModeAsync(eventType, Codes.ParseMode(ownMode), actor, cancellationToken);
        if (request.Level is not null || request.Strict is not null)
        {
            var level = request.Level is { } ownLevel ? Codes.ParseLevel(ownLevel) : own.Level;
            known &= await registry.Settings.SetLevelAsync(eventType, level, request.Strict ?? (request.Level == SettingsRequest.Default ? null : own.Strict), actor, cancellationToken);
        }

        return known;
    }

    private static IResult Wrong(string detail) => ApiCalls.Problem(StatusCodes.Status400BadRequest, "The settings cannot be read", detail);
}

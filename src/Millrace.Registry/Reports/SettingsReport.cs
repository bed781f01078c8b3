using Millrace.Registry.Settings;

namespace Millrace.Registry.Reports;

/// <summary>What holds after <c>schema mode</c> or <c>schema level</c>, as JSON: for the type that was named, if one was, and for types without a setting.</summary>
public sealed record SettingsReport(ReportedSettings? Type, ReportedSettings Default, string UnknownTypes)
{
    /// <summary>Makes it.</summary>
    public static async Task<SettingsReport> ReadAsync(SettingsDesk settings, string? eventType, CancellationToken cancellationToken)
    {
        DefaultSettings defaults = await settings.DefaultsAsync(cancellationToken);
        var all = new ReportedSettings(null, defaults.Mode.Code(), defaults.Level.Code(), defaults.Strict);
        if (eventType is null)
            return new SettingsReport(null, all, defaults.Unknown.Code());
        TypeSettings own = await settings.OfTypeAsync(eventType, cancellationToken);
        var type = new ReportedSettings(
            eventType, (own.Mode ?? defaults.Mode).Code(), (own.Level ?? defaults.Level).Code(), own.Strict ?? defaults.Strict);
        return new SettingsReport(type, all, defaults.Unknown.Code());
    }
}

/// <summary>Mode and level that hold.</summary>
public sealed record ReportedSettings(string? EventType, string Mode, string Level, bool Strict);

namespace Millrace.Registry.Settings;

/// <summary>What <c>pipeline.operations</c> keeps of a setting.</summary>
internal sealed record SettingNote(string Value);

namespace Millrace.Registry.Http;

/// <summary>What is to be set; null: it stays as it is.</summary>
internal sealed record SettingsRequest(string? Mode, string? Level, bool? Strict, string? UnknownTypes)
{
    /// <summary>The word that takes a type's own setting back.</summary>
    public const string Default = "default";

    /// <summary>What is wrong with it; null when nothing is.</summary>
    /// <param name="ofAll">Whether it is for types without settings: only there is there something about unknown types, and nothing to take back.</param>
    public string? Error(bool ofAll)
    {
        if (Mode is not null && (ofAll || Mode != Default) && Codes.ParseMode(Mode) is null)
            return $"mode '{Mode}' is none of {string.Join(", ", Codes.ModeCodes)}.";
        if (Level is not null && (ofAll || Level != Default) && Codes.ParseLevel(Level) is null)
            return $"level '{Level}' is none of {string.Join(", ", Codes.LevelCodes)}.";
        if (UnknownTypes is not null && !ofAll)
            return "unknownTypes is no setting of one type: put it to /api/schemas/settings.";
        return UnknownTypes is not null && Codes.ParseUnknown(UnknownTypes) is null
            ? $"unknownTypes '{UnknownTypes}' is none of {string.Join(", ", Codes.UnknownCodes)}."
            : null;
    }
}

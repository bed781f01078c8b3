namespace Millrace.Schemas.Compatibility;

/// <summary>One difference between two versions of a schema.</summary>
/// <param name="Pointer">JSON Pointer of the place in the newer schema, or in the older one for what is only there.</param>
/// <param name="Kind">What changed, in a word that stays the same between releases, such as <c>type-narrowed</c>; <c>undecidable</c> when it cannot be told whether it breaks anything, which counts as breaking.</param>
/// <param name="BreaksBackward">Whether data written with the old schema may be refused by the new one because of it.</param>
/// <param name="BreaksForward">Whether data written with the new schema may be refused by the old one because of it.</param>
/// <param name="Message">What a person reads.</param>
public sealed record SchemaDifference(string Pointer, string Kind, bool BreaksBackward, bool BreaksForward, string Message);

namespace Millrace.Schemas.Inference;

/// <summary>How much is followed at most. Over it a schema says less, but nothing wrong.</summary>
internal sealed class InferenceBudget
{
    /// <summary>Places in events, each some hundred bytes: room for any event that people describe, and an end for names that are data.</summary>
    private const int MaxPlaces = 10_000;

    /// <summary>Names in one object. With more they are data, such as ids, and not worth a schema each.</summary>
    public const int MaxNames = 500;

    /// <summary>Values within values; below, anything is accepted.</summary>
    public const int MaxDepth = 20;

    /// <summary>Distinct texts of an <c>enum</c>, and the longest of them.</summary>
    public const int MaxChoices = 20;
    public const int MaxChoiceBytes = 64;

    /// <summary>How often each of them was seen on average, at least: a dozen names of people are not an <c>enum</c>.</summary>
    public const int SeenEach = 20;

    private int _places;

    public bool TryTakePlace() => ++_places <= MaxPlaces;
}

using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client.Tests;

/// <summary>
/// A cart was checked out,
/// see <see cref="Item"/>.
/// </summary>
public record CartCheckedOut : Event
{
    /// <summary>What is in it.</summary>
    public required List<Item> Items { get; init; }

    public required Address Billing { get; init; }

    /// <summary>Where it goes, when not to <see cref="Billing"/>.</summary>
    public Address? Shipping { get; init; }

    [Description("How it is paid.")]
    public PaymentKind Payment { get; init; }

    public List<string?> Notes { get; init; } = [];

    public string?[]? Tags { get; init; }

    public Dictionary<string, decimal?> Discounts { get; init; } = [];

    public Dictionary<string, Item?>? Gifts { get; init; }

    public Category? Category { get; init; }

    public Page<Item>? Page { get; init; }

    public DateOnly Day { get; init; }

    public TimeSpan? Duration { get; init; }

    public Uri? Link { get; init; }

    public long? Points { get; init; }

    /// <summary>Whatever else.</summary>
    public JsonElement Extra { get; init; }

    public Discount? Discount { get; init; }
}

/// <summary>One article of a cart.</summary>
/// <param name="Sku">What the shop calls it.</param>
/// <param name="Price">For one of it.</param>
public readonly record struct Item(string Sku, decimal Price);

public sealed record Address(string Street, string? Floor, string Country = "DE");

public sealed class Category
{
    public required string Name { get; init; }

    /// <summary>What it belongs to.</summary>
    public Category? Parent { get; init; }

    public List<Category> Children { get; init; } = [];
}

public sealed record Page<T>(T[] Content);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Percentage), "percentage")]
[JsonDerivedType(typeof(Amount), "amount")]
public abstract record Discount;

public sealed record Percentage(double Percent) : Discount;

public sealed record Amount(decimal Value) : Discount;

public enum PaymentKind
{
    Card,
    BankTransfer,
}

public record Sparse(string? Optional, int Count) : Event
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Always { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public required int Sometimes { get; init; }
}

public abstract record Abstract : Event;

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(CartCheckedOut))]
internal sealed partial class CartContext : JsonSerializerContext;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Sparse))]
internal sealed partial class SparseContext : JsonSerializerContext;

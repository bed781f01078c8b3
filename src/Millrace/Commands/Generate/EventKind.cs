using System.Text.Json;

namespace Millrace.Commands.Generate;

/// <summary>One type of made-up event: its name, how often it comes, and what it says.</summary>
internal sealed record EventKind(string Name, int Weight, Action<Utf8JsonWriter, SeededRandom> Write)
{
    public static readonly EventKind[] All =
    [
        new("page_view", 50, PageView),
        new("product_viewed", 20, ProductViewed),
        new("search_performed", 9, SearchPerformed),
        new("cart_item_added", 8, CartItemAdded),
        new("order_placed", 5, OrderPlaced),
        new("payment_completed", 4, PaymentCompleted),
        new("user_signup", 3, UserSignup),
        new("order_cancelled", 1, OrderCancelled),
    ];

    private static readonly int TotalWeight = All.Sum(k => k.Weight);

    public static EventKind Pick(SeededRandom random)
    {
        int at = random.Next(TotalWeight);
        foreach (EventKind kind in All)
        {
            at -= kind.Weight;
            if (at < 0)
                return kind;
        }

        throw new InvalidOperationException("The weights do not add up.");
    }

    private static void PageView(Utf8JsonWriter json, SeededRandom random)
    {
        json.WriteString("page"u8, random.Pick(Catalogue.Pages));
        json.WriteString("referrer"u8, random.Pick(Catalogue.Referrers));
        json.WriteNumber("loadMs"u8, 40 + random.Next(900));
    }

    private static void ProductViewed(Utf8JsonWriter json, SeededRandom random)
    {
        WriteProduct(json, random);
        json.WriteString("page"u8, random.Pick(Catalogue.Pages));
        json.WriteNumber("secondsOnPage"u8, 1 + random.Next(240));
    }

    private static void SearchPerformed(Utf8JsonWriter json, SeededRandom random)
    {
        json.WriteString("query"u8, random.Pick(Catalogue.Searches));
        json.WriteNumber("results"u8, random.Next(200));
    }

    private static void CartItemAdded(Utf8JsonWriter json, SeededRandom random)
    {
        WriteProduct(json, random);
        json.WriteNumber("quantity"u8, 1 + random.Next(3));
    }

    private static void OrderPlaced(Utf8JsonWriter json, SeededRandom random)
    {
        WriteOrder(json, random);
        json.WriteNumber("items"u8, 1 + random.Next(6));
        json.WriteString("payment"u8, random.Pick(Catalogue.Payments));
    }

    private static void PaymentCompleted(Utf8JsonWriter json, SeededRandom random)
    {
        WriteOrder(json, random);
        json.WriteString("payment"u8, random.Pick(Catalogue.Payments));
    }

    private static void UserSignup(Utf8JsonWriter json, SeededRandom random)
    {
        json.WriteString("plan"u8, random.Pick(Catalogue.Plans));
        json.WriteString("source"u8, random.Pick(Catalogue.Sources));
        json.WriteBoolean("newsletter"u8, random.Next(2) == 0);
    }

    private static void OrderCancelled(Utf8JsonWriter json, SeededRandom random)
    {
        WriteOrder(json, random);
        json.WriteString("reason"u8, random.Next(2) == 0 ? "changed_mind" : "delivery_too_late");
    }

    private static void WriteProduct(Utf8JsonWriter json, SeededRandom random)
    {
        json.WriteString("productId"u8, $"P-{1000 + random.Next(5000)}");
        json.WriteNumber("price"u8, (100 + random.Next(20_000)) / 100m);
    }

    private static void WriteOrder(Utf8JsonWriter json, SeededRandom random)
    {
        json.WriteString("orderId"u8, $"O-{random.Next(100_000_000):D8}");
        json.WriteNumber("total"u8, (500 + random.Next(50_000)) / 100m);
        json.WriteString("currency"u8, "EUR"u8);
    }
}

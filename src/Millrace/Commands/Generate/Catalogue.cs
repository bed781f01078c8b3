namespace Millrace.Commands.Generate;

/// <summary>What the shop of the made-up events sells, and to whom.</summary>
internal static class Catalogue
{
    public static readonly string[] Countries = ["DE", "US", "GB", "FR", "JP", "BR", "IN", "PL", "NL", "SE"];
    public static readonly string[] Devices = ["desktop", "mobile", "tablet"];
    public static readonly string[] Browsers = ["Firefox 140", "Chrome 138", "Safari 18", "Edge 138"];
    public static readonly string[] Pages = ["/", "/products", "/products/summer", "/cart", "/checkout", "/account", "/help/returns", "/blog/new-in-july"];
    public static readonly string[] Referrers = ["https://search.example/", "https://news.example/shop", "https://social.example/feed", "direct"];
    public static readonly string[] Searches = ["running shoes", "rain jacket", "coffee grinder", "usb-c cable 2m", "birthday gift", "cast iron pan"];
    public static readonly string[] Payments = ["card", "paypal", "invoice", "sepa"];
    public static readonly string[] Plans = ["free", "plus", "family"];
    public static readonly string[] Sources = ["organic", "newsletter", "ad-campaign-7", "friend"];
}

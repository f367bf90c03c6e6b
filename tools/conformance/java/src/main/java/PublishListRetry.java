import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.DeliveriesApi;
import org.openapitools.client.api.EventsApi;
import org.openapitools.client.model.Delivery;
import org.openapitools.client.model.DeliveryStatus;
import org.openapitools.client.model.NewEvent;

/** Publishes an event, finds its delivery in a list and has it sent once more, by the generated client. */
public final class PublishListRetry {
  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(System.getenv("POSTHORN_URL"));
    String key = System.getenv("POSTHORN_KEY");
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + key));

    NewEvent event = new NewEvent().event("job.completed").customerId("acme").data(Map.of("job_id", "job_7"));
    String eventId = new EventsApi(client).eventsPublish(event, null).getId();
    DeliveriesApi deliveries = new DeliveriesApi(client);
    Delivery delivery = delivered(deliveries, eventId);
    if (!deliveries.deliveriesRetry(delivery.getId()).getId().equals(delivery.getId())) {
      throw new IllegalStateException("another delivery was retried");
    }
  }

  private static Delivery delivered(DeliveriesApi deliveries, String eventId) throws Exception {
    for (int tries = 0; tries < 300; tries++) {
      var items = deliveries.deliveriesList(1, null, null, null, null, eventId, null, null, null, null, null).getItems();
      if (items.size() == 1 && items.get(0).getStatus() == DeliveryStatus.DELIVERED) return items.get(0);
      Thread.sleep(100);
    }
    throw new IllegalStateException("event " + eventId + " is not delivered");
  }
}

/** The one page that opens without a network; the service worker minds nothing beside it. */
export const OFFLINE_PAGE = '/inspect';

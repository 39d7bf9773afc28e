/** How the reason begins why a class is not found: who sends its objects says it in fewer words. */
export const NOWHERE = "it is a class that no module exports";

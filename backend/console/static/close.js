// The last page of a window that Gmail opened: Gmail draws its card anew once the window is gone.
window.close();

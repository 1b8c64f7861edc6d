"""What people would use instead, each as its documentation recommends it, on the same tables."""
